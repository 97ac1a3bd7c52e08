#!/bin/sh
# Chromium and a Chinese font for the browser tests, by apt as root or sudo; without either they are skipped by name.
need=""
command -v chromium >/dev/null || need="chromium chromium-l10n"
fc-list :lang=zh 2>/dev/null | grep -q . || need="$need fonts-noto-cjk"
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ]; then run=""; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then run="sudo"; else
  echo "本机没有 $need，也没有安装权限：浏览器测试将跳过。"; exit 0
fi
echo "正在安装浏览器测试所需的 $need ……"
{ $run apt-get update -q && DEBIAN_FRONTEND=noninteractive $run apt-get install -y -q --no-install-recommends $need; } >/dev/null 2>&1 \
  || echo "没有装上 $need：浏览器测试将跳过。"
exit 0
