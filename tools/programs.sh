#!/bin/sh
# Programs of the machine, by apt as root or sudo: `sh tools/programs.sh antiword office font`. Nothing fails without them.
# antiword reads old Word documents; office is LibreOffice, which shows and binds office files as they print; font is a
# Chinese one for everything that is set in type; browser is Chromium for the browser tests.
need=""
lost=""
for what in "$@"; do
  case "$what" in
    antiword)
      command -v antiword >/dev/null && continue
      need="$need antiword"
      # LibreOffice reads them as well
      command -v soffice >/dev/null || lost="$lost旧版 Word 文档（.doc）暂时读不了，请另存为 .docx 再导入。" ;;
    office)
      command -v soffice >/dev/null || command -v libreoffice >/dev/null && continue
      need="$need libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
      lost="${lost}Word、Excel 文件暂时不能预览和装订。" ;;
    font)
      fc-list :lang=zh 2>/dev/null | grep -q . && continue
      need="$need fontconfig fonts-noto-cjk"
      lost="${lost}没有中文字体，暂时不能装订材料册。" ;;
    browser)
      command -v chromium >/dev/null || { need="$need chromium chromium-l10n"; browser=1; } ;;
  esac
done
[ -z "$browser" ] || lost="$lost浏览器测试将跳过。"
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ]; then run=""; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then run="sudo"; else
  [ -z "$lost" ] || echo "本机没有$need，也没有安装权限：$lost"
  exit 0
fi
command -v apt-get >/dev/null || { [ -z "$lost" ] || echo "本机没有$need，也没有 apt：$lost"; exit 0; }
echo "正在安装$need ……"
{ $run apt-get update -q && DEBIAN_FRONTEND=noninteractive $run apt-get install -y -q --no-install-recommends $need; } >/dev/null 2>&1 \
  || [ -z "$lost" ] || echo "没有装上$need：$lost"
exit 0
