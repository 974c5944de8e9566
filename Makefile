# Medan Smart City. `make` alone explains itself.
.DEFAULT_GOAL := help
.PHONY: run stop test check demo bench soak k8s image clean help setup setup-dev setup-k8s
SHELL := /bin/bash
export PORT DATABASE_SERVER BROKER_URL PYTHON

run: setup ## start the whole suite and wait until it is ready (PORT=8080, DATABASE_SERVER=postgresql://…, BROKER_URL=amqp://…)
	@.venv/bin/smartcity up

stop: ## stop it; the data stays
	@if [ -x .venv/bin/smartcity ]; then .venv/bin/smartcity down; else echo "Nothing is running: there is no .venv yet."; fi

demo: setup ## play the story of a paid retribution against the running suite
	@.venv/bin/smartcity demo

test: setup-dev setup-k8s ## everything: checks, unit, API, storage, events, integration, on both brokers
	@.venv/bin/python -m checks.run && .venv/bin/python -m checks.all_tests $(ROOMS)

check: setup-dev ## format, lint, types, import rules, one plan for every service (under a minute)
	@.venv/bin/python -m checks.run

bench: setup-dev ## the figures of benchmarks/README.md, each a ratio measured in one run
	@.venv/bin/python -m benchmarks

soak: setup-dev ## the long tests: seeded, bounded
	@SOAK=true .venv/bin/python -m checks.all_tests --soak $(ROOMS)

k8s: setup-dev setup-k8s ## the manifests: what they render, and every rule over it, each with the mistake that turns it red
	@.venv/bin/python -m checks.all_tests deploy/k8s/tests

image: ## the image of one service, by docker, podman or buildah (SERVICE=licensing)
	@deploy/k8s/image.sh $(SERVICE)

clean: stop ## forget the data, the logs and the secrets of this clone
	@rm -rf .run && echo "Forgotten: .run"

help: ## this page
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup:
	@deploy/local/setup.sh

setup-dev:
	@deploy/local/setup.sh --dev

setup-k8s:
	@deploy/k8s/setup.sh
