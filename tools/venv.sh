#!/bin/sh
# Make .venv with the Python given. Debian keeps the venv module in a package of its own.
set -e
python="$1"
[ -n "$python" ] || { echo "没有找到 Python 3.11 以上版本，请先安装。" >&2; exit 1; }
"$python" -m venv .venv 2>/dev/null && exit 0
rm -rf .venv
if [ "$(id -u)" = 0 ]; then run=""; elif command -v sudo >/dev/null; then run="sudo"; else
  echo "缺少 venv 模块，请先安装 python3-venv。" >&2; exit 1
fi
$run apt-get update -q && $run apt-get install -y -q python3-venv
"$python" -m venv .venv
