"""The rows of the list as markup, made in Python: 259 rows through a template loop cost more than all queries.

Everything that came from a person is escaped here. End tags that HTML does not need are left out, and addresses
are relative to the list: the page must stay small.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from taizhang.kit import look
from taizhang.standards.rules.cadence import LABELS as CADENCES

from ..queries.filters import Filter
from ..queries.rows import Row
from ..rules.states import Status

#: name, label, class of the column, sorts by; the widths stand in the template
COLUMNS = [
    ("编号", "no", ""), ("事项", "title", ""), ("分值", "points", "n"), ("牵头处室", "lead", ""), ("责任人", "person", ""),
    ("分管领导", "leader", "wide"), ("下期还缺", "", "wide"), ("周期", "cadence", ""), ("期次", "slots", "n"),
    ("材料", "proof", "n"), ("状态", "status", ""), ("灯", "light", ""), ("期限", "due", "d"),
]  # fmt: skip

#: what a row waits for, where it is not the reader's turn
WAITS = {
    Status.PENDING: "等交办", Status.ASSIGNED: "等签收", Status.RECEIVED: "等办理", Status.DOING: "在办",
    Status.RETURNED: "等补正", Status.REVIEW: "等审核", Status.ACCEPTED: "等核验", Status.SUSPENDED: "已中止",
    Status.WAIVED: "不计",
}  # fmt: skip
#: text that may stand in markup as an attribute without quotes
PLAIN = re.compile(r"[\w\u3400-\u9fff\u2160-\u217f.-]+").fullmatch


class Lines:
    """Writes rows for one reader. `step` says what a row asks of them: a word, or "" when it is not their turn."""

    def __init__(
        self, asked: Filter, today: date, step: Callable[[Row], str], *, paper: bool = False
    ) -> None:
        self.asked, self.today, self.step, self.paper = asked, today, step, paper
        self.opens = escape(asked.address(open="") + ("&" if asked.pairs(open="") else "") + "open=")
        self._names: dict[str, str] = {}
        self._days: dict[date, str] = {}
        self._states = {
            status.value: str(look.st(status)).replace('class="st"', "class=st") for status in Status
        }
        self.cadences = {cycle.value: label for cycle, label in CADENCES.items()}

    def name(self, text: str) -> str:
        """Escaped once per name: eighteen departments stand in 259 rows."""
        found = self._names.get(text)
        if found is None:
            found = self._names[text] = escape(text)
        return found

    def day(self, on: date | None) -> str:
        if on is None:
            return "—"
        found = self._days.get(on)
        if found is None:
            found = self._days[on] = on.isoformat()[5 if on.year == self.today.year else 0 :]
        return found

    def line(self, row: Row) -> str:
        """One row. The order of the cells is that of COLUMNS, with the tick before and the next step after."""
        pk, status = row.id, row.status
        no, opened = self.name(row.no), str(pk) == self.asked.open
        title = escape(row.title)
        tags = ('<span class="tag r">重点</span>' if row.priority else "") + (
            f"<span class=tag>迟报{row.late}</span>" if row.late else ""
        )
        if opened:
            toggle = f'<a class=x href="{escape(self.asked.address(open=""))}#o" aria-expanded=true aria-label=收起>⌄</a>'
        else:
            toggle = f'<a class=x href="{self.opens}{pk}#o" aria-label=展开>›</a>'
        word = self.step(row)
        if word:
            hot = ' hot"' if row.light == "r" or status == Status.RETURNED else '"'
            act = f'<a class="btn btn-row{hot} href={pk}/>{word}</a>'
        elif status == Status.CLOSED:
            act = f"<a href=../papers/slip/{pk}/>销号单</a>"
        else:
            act = WAITS[Status(status)]
        points = f"{row.points:.2f}" if row.points is not None else "—"
        slots = f"{row.accepted}/{row.total}" if row.total else "—"
        proof = f"{row.have}/{row.need}" if row.need and status != Status.WAIVED else "—"
        lead = self.name(row.lead) if row.lead else "<span class=late>没有牵头</span>"
        first = "<tr class=open id=o><td class=ck>" if opened else "<tr><td class=ck>"
        label = no if PLAIN(no) else f'"{no}"'
        return (
            f"{first}<input type=checkbox name=pk value={pk} aria-label={label}><td>{no}"
            f'<td class="t ell">{toggle}<a href={pk}/>{title}</a>{tags}<td>{points}<td>{lead}'
            f"<td class=w>{self.name(row.person)}<td>{self.name(row.leader)}"
            f"<td>{escape(row.lacks)}<td>{self.cadences[row.cadence]}<td>{slots}"
            f'<td>{proof}<td>{self._states[status]}<td class="l lt {row.light}">{row.light_text}'
            f"<td class=d>{self.day(row.due_on)}<td class=a>{act}\n"
        )

    def group(self, key: str, words: str, rows: Sequence[Row]) -> str:
        """The heading of a group: points, and counts each of which opens its rows."""
        name = {"": "area", "lead": "lead", "person": "person"}[self.asked.group]
        late, near, done = (sum(row.light == kind for row in rows) for kind in "ryf")
        points = sum(row.points or 0 for row in rows)

        def count(number: int, view: str) -> str:
            address = escape(self.asked.address(open="", **{name: key, "view": view}))
            return f'<a href="{address}">{number}</a>'

        facts = [f"{points:.2f} 分", f"共 {count(len(rows), self.asked.view)} 项"]
        if done:
            facts.append(f"{look.lamp('f', '已销号')} {count(done, 'closed')}")
        if near:
            facts.append(f"{look.lamp('y', '临近')} {count(near, 'near')}")
        if late:
            facts.append(f"{look.lamp('r', '逾期')} {count(late, 'late')}")
        spans = "".join(f"<span>{fact}</span>" for fact in facts)
        return (
            f'<tr class=grp><td class=ck><input type=checkbox data-pick=group aria-label="选中本组全部"><td colspan=14>'
            f'{escape(words)} <span class="sub gaps">{spans}</span>\n'
        )

    def body(self, groups: Sequence[tuple[str, str, list[Row]]], more: str = "") -> SafeString:
        """All rows; MORE is what stands under the row that is open."""
        parts: list[str] = []
        for key, words, rows in groups:
            if words:
                parts.append(self.group(key, words, rows))
            for row in rows:
                parts.append(self.line(row))
                if more and str(row.id) == self.asked.open:
                    parts.append(f"<tr class=more><td><td><td colspan=13>{more}\n")
        return mark_safe("".join(parts))


def head(asked: Filter, today_sort: str = "") -> SafeString:
    """The column heads, each of which sorts, and again the other way round."""
    now = asked.sort or today_sort
    cells = []
    for label, key, css in COLUMNS:
        shape = f" class={css}" if css else ""
        if not key:
            cells.append(f"<th scope=col{shape}>{label}")
            continue
        state = sign = ""
        if now.lstrip("-") == key:
            down = now.startswith("-")
            state = f" aria-sort={'descending' if down else 'ascending'}"
            sign = f"<span class=dir aria-hidden=true>{'▼' if down else '▲'}</span>"
        address = escape(asked.address(sort=f"-{key}" if now == key else key, open=""))
        cells.append(f'<th scope=col{shape}{state}><a href="{address}">{label}{sign}</a>')
    return mark_safe("".join(cells))
