#!/usr/bin/env bash
# Makes .venv with what the locks name, and installs the suite's own packages by path. Fast when nothing has changed.
#   deploy/local/setup.sh          what `make run` needs
#   deploy/local/setup.sh --dev    and what `make test` and `make check` need
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
want=run
[ "${1:-}" = --dev ] && want=dev

say() { printf '%s\n' "$*" >&2; }
give_up() { say "smartcity: $*"; exit 1; }

python=${PYTHON:-python3}
command -v "$python" >/dev/null || give_up "python3 is not here: install Python 3.11 or newer (or name it: make run PYTHON=/path/to/python3)."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  give_up "Python 3.11 or newer is needed, $python is $("$python" -c 'import platform; print(platform.python_version())') (name another one: make run PYTHON=/path/to/python3)."

if command -v flock >/dev/null; then # two set-ups of one clone wait for each other
  mkdir -p .run && exec 9>.run/setup.lock && flock 9
fi

own=(shared shared/contracts deploy/local)
for service in services/*/pyproject.toml; do [ -f "$service" ] && own+=("${service%/pyproject.toml}"); done
locks=(-r requirements.lock)
[ $want = dev ] && locks+=(-r requirements-dev.lock)
stamp() {
  "$python" - "$PWD" deploy/local/setup.sh requirements.lock "${own[@]/%//pyproject.toml}" "$@" <<'PY'
import hashlib, sys
made = hashlib.sha256(repr((sys.version_info[:2], sys.argv[1])).encode())
for name in sys.argv[2:]:
    made.update(name.encode() + open(name, "rb").read())
print(made.hexdigest())
PY
}
stamp_run=$(stamp)
stamp_dev=$(stamp requirements-dev.lock)
had() { [ -x .venv/bin/smartcity ] && [ "$(cat ".venv/.set-up-$1" 2>/dev/null)" = "$2" ]; }
had dev "$stamp_dev" && exit 0
[ $want = run ] && had run "$stamp_run" && exit 0

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  say "Making .venv …"
  "$python" -c 'import ensurepip, venv' 2>/dev/null || give_up "$python cannot make a virtual environment: install its venv package (Debian: apt-get install python3-venv)."
  "$python" -m venv --clear .venv || give_up ".venv could not be made; is the disk full?"
fi

# uv keeps to the package index pip was told of, where pip was told of one
index=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get "global.index-url" 2>/dev/null || true)}
[ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] && export UV_DEFAULT_INDEX=$index
[ -n "${PIP_CERT:-}" ] && export SSL_CERT_FILE=${SSL_CERT_FILE:-$PIP_CERT}
export UV_PYTHON_DOWNLOADS=never

if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements.lock)" ]; then
  say "Installing uv …"
  sed -n '/^uv==/,/^    # via/p' requirements.lock >.venv/uv.lock
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.lock ||
    give_up "uv could not be installed: is the package index within reach, and is there room on the disk?"
fi
say "Installing the pinned packages …"
.venv/bin/uv pip install --quiet --python .venv --require-hashes --compile-bytecode "${locks[@]}" ||
  give_up "the pinned packages could not be installed: is the package index within reach, and is there room on the disk?"
say "Installing the suite's own packages …"
.venv/bin/uv pip install --quiet --python .venv --no-deps --no-build-isolation "${own[@]/#/--editable=}" ||
  give_up "the suite's own packages could not be installed; the lines above say why."

rm -f .venv/.set-up-*
printf %s "$stamp_run" >.venv/.set-up-run
[ $want = dev ] && printf %s "$stamp_dev" >.venv/.set-up-dev
exit 0
