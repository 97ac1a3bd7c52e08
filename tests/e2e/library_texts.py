"""Five texts such as an office deposits, and each of them printed three ways: Word, PDF, and a page from the scanner."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import docx
import pypdfium2
import typst


@dataclass(frozen=True)
class Text:
    """NAME of the files, the lines, a phrase that only this text has."""

    name: str
    lines: tuple[str, ...]
    phrase: str


TEXTS = (
    Text(
        "领导小组5月调度会议纪要",
        (
            "云泽市甲局创建工作领导小组会议纪要",
            "5月20日，组长主持召开创建工作领导小组月度调度会，听取各处室进展情况。",
            "会议指出，窗口叫号等候时间偏长的问题要在月底前见到成效，办公室每周通报一次。",
            "会议要求，责任到人，按期销号，不留尾巴。",
        ),
        "窗口叫号等候时间偏长",
    ),
    Text(
        "关于印发年度实施方案的通知",
        (
            "云泽市甲局文件",
            "云甲发〔2020〕7号",
            "关于印发2020年文明单位创建实施方案的通知",
            "各处室：",
            "现将2020年文明单位创建实施方案印发给你们，请结合实际认真组织实施。",
            "全年分四个阶段推进，以群众满意为尺子，逐项对照，查漏补缺。",
            "云泽市甲局",
            "2020年3月2日",
        ),
        "以群众满意为尺子",
    ),
    Text(
        "第三党支部主题党日小结",
        (
            "第三党支部5月主题党日小结",
            "支部组织全体党员到城南社区清理楼道堆放的旧家具，帮助三户老人换了纱窗。",
            "党员重温入党誓词，交流学习体会。",
        ),
        "帮助三户老人换了纱窗",
    ),
    Text(
        "业务规范化季度自查报告",
        (
            "业务规范化一季度自查报告",
            "对照规程逐条检查收件、受理、办结三个环节，抽查案卷四十二件。",
            "发现一次性告知单填写不全六件，已当日补正，并对经办人员作了提醒。",
        ),
        "一次性告知单填写不全六件",
    ),
    Text(
        "工作专班碰头会记录",
        (
            "创建工作专班周碰头会记录",
            "专班人员逐项核对台账，明确下周要补的照片和表册。",
            "信息员反映，微信群里转来的截图看不清日期，今后一律交原图。",
        ),
        "微信群里转来的截图看不清日期",
    ),
)


def chinese_font() -> str:
    """The name of a Chinese font of this machine."""
    said = subprocess.run(
        ["fc-match", "-f", "%{family[0]}", ":lang=zh-cn"], capture_output=True, text=True, check=True
    )
    return said.stdout.strip()


def word(folder: Path, text: Text) -> Path:
    made = docx.Document()
    for line in text.lines:
        made.add_paragraph(line)
    path = folder / f"{text.name}（文档）.docx"
    made.save(str(path))
    return path


def pdf(folder: Path, text: Text) -> Path:
    body = "\n\n".join(text.lines)
    source = f'#set page(paper: "a4", margin: 3cm)\n#set text(font: "{chinese_font()}", size: 16pt, lang: "zh")\n{body}\n'
    path = folder / f"{text.name}（打印）.pdf"
    path.write_bytes(typst.compile(source.encode()))
    return path


def scan(folder: Path, text: Text) -> Path:
    """The printed page as a scanner at 150 dpi would bring it: a picture without any text in it."""
    printed = pypdfium2.PdfDocument(str(pdf(folder, text)))
    image = printed[0].render(scale=150 / 72).to_pil().convert("L")
    path = folder / f"{text.name}（扫描）.jpg"
    image.save(path, quality=80)
    printed.close()
    return path


def printed(folder: Path) -> list[Path]:
    """All five texts, three ways each."""
    return [make(folder, text) for text in TEXTS for make in (word, pdf, scan)]
