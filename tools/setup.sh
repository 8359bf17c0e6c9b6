#!/bin/sh
# Make .venv with the package and its tools: find a Python >= 3.12, or fetch one, or say what to install.
# A second time it does only what is needed: the stamp records the last success.
set -eu
cd "$(dirname "$0")/.."

# A command of the right name may still not run (pyenv's shims), so each is tried.
is_good() {
    "$1" -c 'import sys, venv, ensurepip; raise SystemExit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

find_python() {
    for name in python3.12 python3.13 python3.14 python3 python; do
        path=$(command -v "$name" 2>/dev/null) || continue
        if is_good "$path"; then echo "$path"; return 0; fi
    done
    for path in "${HOME:-}"/.pyenv/versions/*/bin/python3; do
        if [ -x "$path" ] && is_good "$path"; then echo "$path"; return 0; fi
    done
    # As with Python, a uv on PATH may be a shim that does not run.
    uv --version >/dev/null 2>&1 || return 1
    path=$(uv python find --no-project '>=3.12' 2>/dev/null) || path=""
    if [ -n "$path" ] && is_good "$path"; then echo "$path"; return 0; fi
    echo "No Python 3.12 or later here; uv is fetching one." >&2
    uv python install --quiet 3.12 >&2 || return 1
    path=$(uv python find --managed-python --no-project 3.12 2>/dev/null) || return 1
    is_good "$path" && echo "$path"
}

# An environment whose Python has gone, is too old, or was left half made (no pip) is made again.
if [ -e .venv ] && ! { is_good .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    echo ".venv does not work (its Python has gone, is older than 3.12, or it was left half made); making it again."
    rm -rf .venv
fi
if [ ! -e .venv ]; then
    if ! python=$(find_python); then
        echo "waterbed needs Python 3.12 or later with its venv module, and none was found on PATH, under" >&2
        echo "~/.pyenv/versions or by uv. Install one (Debian and Ubuntu: apt install python3.12 python3.12-venv;" >&2
        echo "macOS: brew install python@3.12; anywhere: install uv) and run make again." >&2
        exit 1
    fi
    echo "Making .venv with $("$python" --version) ($python)."
    "$python" -m venv .venv
fi
echo "Installing waterbed and what it needs into .venv (a few minutes the first time)."
if ! .venv/bin/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'; then
    echo "The packages could not be installed (see above); check the network and pip's settings, and run make again." >&2
    exit 1
fi
# So that the app's first page comes at once.
for name in classroom liberterra mediterranean southwest; do nice -n 19 .venv/bin/python -m waterbed.app.opening $name >/dev/null; done &
.venv/bin/python -m waterbed.engine.warm
wait
touch .venv/.stamp
