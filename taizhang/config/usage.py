"""How the command line speaks: argparse with Chinese headings, and every slip of the user as one `Refused` line."""

import argparse
import re
from typing import Any, NoReturn

from taizhang.kit.errors import Refused

#: what argparse says → what we say; the groups are kept
_SAYINGS = [
    (r"the following arguments are required: (.+)", r"还缺参数：\1"),
    (r"argument (.+?): invalid choice: '(.*?)' \(choose from (.+)\)", r"参数 \1 不认识“\2”，可以写：\3"),
    (r"argument (.+?): invalid int value: '(.*)'", r"参数 \1 要写数字，“\2”不是"),
    (
        r"argument (.+?): invalid fromisoformat value: '(.*)'",
        r"参数 \1 的“\2”不是日期，请写成 2018-11-30 的样子",
    ),
    (r"argument (.+?): invalid .+ value: '(.*)'", r"参数 \1 的“\2”不对"),
    (r"argument (.+?): not allowed with argument (.+)", r"参数 \1 不能和 \2 同时写"),
    (
        r"argument (.+?): expected (?:one argument|at least one argument|\d+ arguments?)",
        r"参数 \1 后面没有写内容",
    ),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
    (r"ambiguous option: (.+?) could match (.+)", r"参数 \1 没写全，可能是 \2"),
]


def in_chinese(message: str) -> str:
    """What argparse says is wrong, in Chinese."""
    for english, chinese in _SAYINGS:
        if found := re.fullmatch(english, message, re.S):
            return found.expand(chinese)
    return "参数写得不对"


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are `Refused`, for `main` to print as one line. Subparsers are of this class too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "add_help": False})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="看用法")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        raise Refused(f"{in_chinese(message)}。用法请看：{self.prog} -h")
