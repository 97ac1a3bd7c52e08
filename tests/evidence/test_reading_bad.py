"""Bad inputs through the real upload page and the real reading job: reliability.md 2.4, numbers 1 to 36.

What is refused never has a row; what is kept is read or told as unreadable, in words, and the next file is read.
"""

import os
import signal
import threading
import time
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.test import Client

from taizhang.evidence import actions, jobs
from taizhang.evidence.models import Evidence, Page, Reading, ReadingState
from taizhang.evidence.rules import kinds, readers
from taizhang.kit.apart import Apart
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from tests.kit.containers import container
from tests.kit.texts import made
from tests.kit.texts.test_bad import FAR, MACRO, READS, lying, pdf_with, rels, script, swollen, written
from tests.kit.word import docx, p

from .samples import deposit, jpeg, package, png_bomb, upload

XHR = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
HTML = b"<!DOCTYPE html><html><body><p>\xe7\xae\x80\xe6\x8a\xa5</p><script>alert(1)</script></body></html>"


@pytest.fixture
def browser(people: Any) -> Client:
    client = Client()
    client.force_login(people.users["朱辉斌"], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def send(browser: Client, people: Any, name: str, data: bytes) -> Any:
    fields = {"unit": people.units["办公室"].pk, "secrecy": "internal", "since": "1", "once": name[:40]}
    return browser.post("/evidence/new/", fields | {"files": upload(name, data)}, **XHR)


def read(browser: Client, people: Any, name: str, data: bytes) -> Reading:
    """What came of a file that was deposited on the page and read by the job."""
    answer = send(browser, people, name, data)
    assert answer.status_code == 201, answer.content.decode()
    piece = Evidence.objects.latest("id")
    jobs.read.call(piece.current.pk)
    return Reading.objects.get(blob=piece.current.blob)


# --- refused at the door


def overlapping() -> bytes:
    """A package whose directory names the same bytes as thousands of parts."""
    data = made.zipped({"word/document.xml": b"x" * 100_000})
    at, end = data.find(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    directory = data[at:end] * 21_000
    count = 21_000
    tail = (
        data[end : end + 8]
        + count.to_bytes(2, "little") * 2
        + len(directory).to_bytes(4, "little")
        + data[end + 16 :]
    )
    return data[:at] + directory + tail


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "图.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
            "可带脚本的矢量图",
        ),  # 1
        ("照片.jpg", HTML, "名字写的是 .jpg，内容却是网页"),  # 2
        ("照片.jpg", b"\xff\xd8\xff\xe0" + HTML * 5, "打不开"),  # 3
        ("报告.pdf", package("a.js"), "内容不是 .pdf 文件"),  # 4, the zip side of a polyglot
        ("多.docx", overlapping(), "内含的部件太多"),  # 10, 11
        ("爬.docx", made.add(docx(p("x")), {"../../etc/cron.d/x": b"x"}), "不正常的路径"),  # 12
        ("爬.xlsx", made.add(made.workbook(), {"C:\\x.exe": b"x"}), "不正常的路径"),  # 12
        ("弹.png", png_bomb(12_000), "像素"),  # 21
        ("空.docx", b"", "0 字节"),  # 27
        ("加载.xlam", made.workbook(), "加载宏"),  # 17
        ("锁.docx", container({"EncryptedPackage": b"x"}), "打开密码"),
        ("机密★三年.docx", docx(p("x")), "密级"),
        ("假.docx", jpeg(), "内容却是 jpg"),
        ("假.ofd", package("a.txt"), "内容不是 ofd 文件"),
        ("包.eml", package("a.txt"), "内容不是"),
    ],
)
def test_refused_with_words_and_no_row(
    browser: Client, people: Any, name: str, data: bytes, words: str
) -> None:
    if not data:
        piece = upload(name, b"x")
        piece.size = 0
        with pytest.raises(Refused, match=words):
            actions.take_in(piece)
        return
    answer = send(browser, people, name, data)
    assert answer.status_code == 409 and words in answer.json()["message"]
    assert not Evidence.objects.exists()


def test_one_byte_over_the_limit_and_exactly_the_limit(browser: Client, people: Any, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 4096
    assert "超过" in send(browser, people, "大.txt", b"a" * 4097).json()["message"]
    assert send(browser, people, "正好.txt", b"a" * 4096).status_code == 201


# --- kept, and told


@pytest.mark.parametrize(
    ("name", "data", "codes", "words"),
    [
        ("宏.docm", made.add(docx(p("宏之外的字")), MACRO), ["macro"], "宏之外的字"),  # 17
        ("宏.docx", made.add(docx(p("宏之外的字")), MACRO), ["macro"], "宏之外的字"),
        ("宏.xlsm", made.add(made.workbook(), {"xl/vbaProject.bin": b"x"}), ["macro"], "张建国"),
        ("宏.pptm", made.add(made.slides(), {"ppt/vbaProject.bin": b"x"}), ["macro"], "党建引领"),
        ("模板.docx", made.add(docx(p("正文还在")), {"word/_rels/settings.xml.rels": rels(("attachedTemplate", FAR))}),
         ["remote_template"], "正文还在"),  # 16
        ("脚本.pdf", pdf_with(script), ["javascript"], "经研究"),  # 5
        ("网页.html", HTML, ["script"], "简报"),
    ],
)  # fmt: skip
def test_kept_read_and_told(
    browser: Client, people: Any, name: str, data: bytes, codes: list[str], words: str
) -> None:
    reading = read(browser, people, name, data)
    assert reading.state == ReadingState.READ and reading.fault == ""
    assert [one["code"] for one in reading.warnings if one["code"] in codes] == codes
    assert words in Page.objects.get(blob=reading.blob, no=1).text


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("锁.pdf", lambda: pdf_with(lambda one: None, encryption=pikepdf.Encryption(user="a", owner="b")), "locked",
         "打开密码"),  # 7
        ("胀.docx", lambda: swollen("word/document.xml", 300 * 2**20, b"<x>"), "big", "展开后太大"),  # 8
        ("谎.docx", lambda: lying(swollen("word/document.xml", 300 * 2**20, b"<x>"), 900), None, ""),  # 8
        ("引.xlsx", lambda: made.add(made.workbook(), {"xl/workbook.xml": READS + b"<x/>"}), "entities", "外部实体"),  # 15
        ("圈.pdf", lambda: written({1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[2 0 R]/Count 1>>"}), None,
         ""),  # 6
        ("断.pdf", lambda: made.pdf("x")[:300], "broken", "不完整或已损坏"),
        ("坏.xls", lambda: container({"Workbook": b"rubbish" * 90}), "broken", "不完整或已损坏"),
    ],
)  # fmt: skip
def test_kept_and_unreadable_in_words(
    browser: Client, people: Any, name: str, data: Any, code: str | None, words: str
) -> None:
    reading = read(browser, people, name, data())
    if code is None:  # a library may get through: then nothing was made up
        assert reading.state == ReadingState.UNREADABLE or reading.letters == 0
        return
    assert reading.state == ReadingState.UNREADABLE and words in reading.fault
    assert [one["code"] for one in reading.warnings] == [code] and "文件已保存" in reading.fault
    kept = Evidence.objects.latest("id")
    assert store().exists(kept.current.blob.sha256)
    after = read(browser, people, "下一件.txt", "下一件照样读。".encode("gb18030"))
    assert after.state == ReadingState.READ and after.letters == 7


@pytest.mark.parametrize(("name", "data"), [("网页.html", HTML), ("信.eml", b"Subject: x\r\nFrom: y\r\n\r\n<script>"),
                                            ("档.mht", b"From: x\r\nMIME-Version: 1.0\r\n\r\n<script>"),
                                            ("宏.docm", made.add(docx(p("x")), MACRO))])  # fmt: skip
def test_what_could_act_is_only_ever_saved_to_disk(
    browser: Client, people: Any, name: str, data: bytes
) -> None:
    assert send(browser, people, name, data).status_code == 201
    piece = Evidence.objects.get()
    assert piece.current.blob.mime not in kinds.INLINE
    for query in ("", "?show=1"):
        answer = browser.get(f"/evidence/{piece.pk}/download/{query}")
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"].split("/")[0] == "application"
        assert b"".join(answer.streaming_content) == data


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/cron.txt", "cron.txt"),  # 32
        ("..\\..\\win.txt", "win.txt"),
        ("报告\u202egpj.txt", "报告gpj.txt"),  # 35
        ("零\u200b宽.txt", "零宽.txt"),
        ("长" * 255 + ".txt", None),  # 33
        ("CON.txt", None),  # 34
        (".htaccess.txt", None),
        ("-rf.txt", None),
        ("e\u0301.txt", "é.txt"),  # 36
    ],
)
def test_names_never_become_paths(browser: Client, people: Any, name: str, kept: str | None) -> None:
    assert send(browser, people, name, f"字{name}".encode()).status_code == 201
    version = Evidence.objects.get().current
    assert version.original_name.endswith(".txt") and len(version.original_name) <= 255
    assert not set(version.original_name) & set("/\\\u202e\u200b\x00\r\n")
    if kept:
        assert version.original_name == kept
    assert jobs.read.call(version.pk) == ReadingState.READ


def test_the_same_file_many_times_is_read_once(people: Any) -> None:  # 31
    data = "同一个文件".encode()
    pieces = [
        deposit(people.users["朱辉斌"], people.units["办公室"], f"{at}.txt", data, again=True)
        for at in range(20)
    ]
    for piece in pieces:
        jobs.read.call(piece.current.pk)
    assert Reading.objects.count() == 1 and Page.objects.count() == 1
    assert Reading.objects.get().version == 2  # made, and read once


# --- the child, and the job, are killed


def test_a_child_killed_in_the_middle_of_reading_is_asked_again(people: Any, monkeypatch: Any) -> None:
    child = Apart("tests.evidence.slow_reader:answer")
    monkeypatch.setattr(jobs, "reader", lambda: child)
    piece = deposit(people.users["朱辉斌"], people.units["办公室"], "慢.txt", "第一遍没有读成".encode())
    killed: list[int] = []

    def kill() -> None:
        while not killed:
            time.sleep(0.2)
            if child.process is not None and child.asked:
                time.sleep(1)
                killed.append(child.process.pid)
                os.kill(child.process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        assert jobs.read.call(piece.current.pk) == ReadingState.READ
    finally:
        killer.join()
        child.close(kill=True)
    reading = Reading.objects.get()
    assert killed and reading.tries == 1 and Page.objects.get().text == "第一遍没有读成"


def test_a_file_that_ends_the_child_each_time_is_left_alone(people: Any, monkeypatch: Any) -> None:
    child = Apart("tests.kit.apart_work:crash")
    monkeypatch.setattr(jobs, "reader", lambda: child)
    piece = deposit(people.users["朱辉斌"], people.units["办公室"], "坏.txt", b"x")
    assert jobs.read.call(piece.current.pk) == ReadingState.UNREADABLE
    reading = Reading.objects.get()
    assert reading.tries == readers.MOST_TRIES and "不完整或已损坏" in reading.fault
    monkeypatch.undo()
    assert jobs.read.call(piece.current.pk) == ReadingState.UNREADABLE  # and not tried for ever
    assert Reading.objects.get().tries == readers.MOST_TRIES


def test_a_job_that_ended_between_pages_goes_on_and_reads_none_twice(people: Any, monkeypatch: Any) -> None:
    """A file read in steps: the worker ends after the second, the next one begins at the third."""
    child = Apart("tests.evidence.slow_reader:in_steps")
    monkeypatch.setattr(jobs, "reader", lambda: child)
    piece = deposit(people.users["朱辉斌"], people.units["办公室"], "分步.txt", b"x")
    steps: list[int] = []
    keep = actions.keep_pages

    def ending(version: Any, **how: Any) -> Any:
        done = keep(version, **how)
        steps.append(how["leaves"][0]["no"])
        if len(steps) == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(actions, "keep_pages", ending)
    try:
        with pytest.raises(KeyboardInterrupt):
            jobs.read.call(piece.current.pk)
        assert jobs.read.call(piece.current.pk) == ReadingState.READ
    finally:
        child.close(kill=True)
    assert steps == [1, 2, 3]  # the fourth is kept with what came of it
    assert list(Page.objects.values_list("no", "text")) == [(at, f"第{at}页") for at in range(1, 5)]
    assert Reading.objects.get().pages == 4
