"""The console script `taizhang`. Exit 0, or 2 with one Chinese line on stderr."""

import argparse
import json
import os
import sys
from importlib import import_module

import django
from django.conf import settings
from django.db import DatabaseError, connection

from taizhang.kit.errors import Refused

from .usage import Parser

#: commands that need no database of their own: they make it, do without it, or tell that it is not there
BARE = ("up", "prepare", "doctor", "restore")
#: the apps that bring subcommands, bottom up
APPS = ("org", "standards", "evidence", "campaigns", "ledger")


def parser() -> Parser:
    """All subcommands; Django must be set up, for apps bring their own."""
    top = Parser(prog="taizhang", description="台账：创建文明单位的台账系统")
    sub = top.add_subparsers(dest="command", required=True, metavar="命令")
    import_module("taizhang.config.serve").register(sub)
    import_module("taizhang.config.checks").register(sub)
    import_module("taizhang.config.keeping").register(sub)
    groups: dict[str, argparse._SubParsersAction[Parser]] = {}

    def group(name: str, words: str) -> "argparse._SubParsersAction[Parser]":
        """The subcommands of `taizhang NAME`, which several apps may add to."""
        if name not in groups:
            groups[name] = sub.add_parser(name, help=words).add_subparsers(
                dest=f"{name}_command", required=True, metavar="操作"
            )
        return groups[name]

    for app in APPS:
        import_module(f"taizhang.{app}.cli").register(group)
    import_module("taizhang.evidence.cli").register_alone(sub)
    import_module("taizhang.ledger.cli").register_alone(sub)
    import_module("taizhang.reports.cli").register_alone(sub)
    import_module("taizhang.config.archiving").register(sub)
    import_module("taizhang.config.start").register(group)
    return top


def main(argv: list[str] | None = None) -> int:
    words = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.config.settings")
    if words[:1] == ["up"]:
        os.environ["TAIZHANG_DEMO"] = (
            "0"
            if "--no-demo" in words
            else "1"
            if "--demo" in words
            else os.environ.get("TAIZHANG_DEMO", "0")
        )
    files = [word for word in words[2:] if not word.startswith("-")]
    before = os.environ.get("TAIZHANG_WRITES", "1")
    if (
        words[:2] == ["standard", "read"]
        or words[:1] in (["restore"], ["text"])
        or (words[:2] == ["standard", "diff"] and all(map(os.path.exists, files)))
    ):
        os.environ["TAIZHANG_WRITES"] = "0"  # nothing at all is written, not even the data folder
    try:
        django.setup()
        # the settings are read by now: what this process starts later may write again
        os.environ["TAIZHANG_WRITES"] = before
        args = parser().parse_args(words)
        if settings.WRITES and args.command not in BARE:
            _founded()
        return int(args.run(args))
    except Refused as refusal:
        print(refusal.message.replace("\n", " "), file=sys.stderr)
        return 2
    except FileNotFoundError as error:
        print(f"找不到文件：{error.filename}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"读写文件没有成功：{error.filename or ''} {error.strerror or error}", file=sys.stderr)
        return 2
    except DatabaseError as error:
        print(
            f"数据库没有答应：{error}。如果刚换过版本，请先运行 taizhang prepare；再用 taizhang doctor 查看。",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        return 0


def _founded() -> None:
    """In a new data folder the first command makes the database. Later versions are for `prepare` to bring in."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if not tables:
        import_module("taizhang.config.serve").prepare_site()


def show(result: object) -> None:
    """Print RESULT as one JSON object."""
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1, default=str)
    print()


if __name__ == "__main__":
    sys.exit(main())
