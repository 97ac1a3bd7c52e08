"""Reads of the record."""

from collections.abc import Collection
from dataclasses import dataclass

from . import rules
from .models import Entry, Head


@dataclass(frozen=True)
class Checked:
    """What a check of the chains found: entries read, and what is wrong in words."""

    entries: int
    problems: list[str]


def check_chains(chains: Collection[int] | None = None) -> Checked:
    """Recompute every chain (or only CHAINS) from its first entry to its head."""
    problems: list[str] = []
    count = 0
    prev: dict[int, tuple[int, str]] = {}
    names = [*rules.FIELDS, "sha256", "sm3"]
    entries = Entry.objects.all() if chains is None else Entry.objects.filter(chain__in=chains)
    heads = Head.objects.all() if chains is None else Head.objects.filter(chain__in=chains)
    for values in entries.order_by("chain", "seq").values(*names).iterator(chunk_size=2000):
        count += 1
        chain, seq = values["chain"], values["seq"]
        before_seq, before = prev.get(chain, (0, rules.FIRST))
        if seq != before_seq + 1:
            problems.append(f"日志链 {chain}：第 {before_seq + 1} 条起缺失")
        if values["prev"] != before:
            problems.append(f"日志链 {chain}：第 {seq} 条与前一条不衔接")
        if (values["sha256"], values["sm3"]) != rules.digests(values):
            problems.append(f"日志链 {chain}：第 {seq} 条内容被改过")
        prev[chain] = (seq, values["sha256"])
    for head in heads:
        if prev.get(head.chain, (0, rules.FIRST)) != (head.seq, head.sha256):
            problems.append(
                f"日志链 {head.chain}：末尾应为第 {head.seq} 条，实际为第 {prev.get(head.chain, (0, ''))[0]} 条"
            )
    return Checked(count, problems)
