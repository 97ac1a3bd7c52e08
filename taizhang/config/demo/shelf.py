"""The library as an office keeps it: its rules and bulletins, papers of the years before, what was looked at, what was
proposed, what went into the bin. Each act by the person who would do it, through the library's own actions."""

from datetime import date, time, timedelta
from random import Random
from typing import Any

from taizhang.campaigns.queries import calendar
from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence
from taizhang.kit import clock
from taizhang.ledger import actions as ledger
from taizhang.ledger.models import Item, Slot
from taizhang.ledger.queries.proposals import Proposal, proposals_for
from taizhang.org.models import Unit, User
from taizhang.org.rules.adjusting import said

from . import files
from .history import put
from .setting import AGENCY, Stage
from .texts import BULLETINS, EARLIER, FORMER, LINKS, RULES

FIRST = "第一条　为规范管理、提高效能，结合本局实际，制定本{kind}。"
LAST = "本{kind}自印发之日起施行，由{unit}负责解释。"
KINDS = ("制度", "办法", "规定", "细则", "规范", "守则")
MOST_TAKEN, LEAST_SCORE = 3, 2.0


class Library:
    """Lays it all. `former`, `earlier`: ids of the papers of the year before, and of the year before that."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.clerk = stage, stage.users["YZ099"]
        self.units = {unit.name: unit for unit in Unit.objects.filter(pk__in=stage.liaisons)}
        self.year = stage.year.year
        self.former: list[int] = []
        self.earlier: list[int] = []

    def lay(self) -> None:
        self._years_before()
        self._rules()
        bulletins = self._bulletins()
        self._heard_and_linked()
        self._looked_at()
        self._proposed(bulletins)
        self._thrown_away()

    def _liaison(self, unit: Unit) -> User:
        return self.stage.liaisons[unit.pk]

    def _put(self, unit: Unit, day: date, made: bytes, name: str, **caption: Any) -> Evidence:
        return put(unit, self._liaison(unit), day, made, name, **caption)

    # ---- what comes in

    def _rules(self) -> None:
        """制度, put in one after the other in the first weeks."""
        for at, (name, title, articles) in enumerate(RULES):
            unit, full = self.units[name], f"{AGENCY}{title}"
            day = min(self.stage.opened_on + timedelta(days=3 + at * 2), self.stage.today)
            kind = next(word for word in KINDS if title.endswith(word))
            number = f"云政服发〔{self.year}〕{at + 5}号"
            text = [FIRST.format(kind=kind), *articles, LAST.format(kind=kind, unit=name)]
            made, ending = files.paper(full, number, AGENCY, text, said(day))
            self._put(
                unit, day, made, f"{full}.{ending}", kind="document", title=full, doc_no=number, issuer=AGENCY
            )

    def _bulletins(self) -> list[Evidence]:
        """信息简报, an issue a month until today."""
        found = []
        unit, day = self.units["宣传处"], self.stage.opened_on
        for at, (about, words) in enumerate(BULLETINS):
            day = calendar().first_on_or_after(self.stage.opened_on + timedelta(days=9 + at * 30))
            if day > self.stage.today:
                break
            title = f"创建工作简报（{self.year}年第{at + 1}期）：{about}"
            made = files.document(title, "", AGENCY, [words], said(day))
            found.append(self._put(unit, day, made, f"{title}.docx", kind="other", title=title, theme=about))
        return found

    def _years_before(self) -> None:
        """Material of the years before the system, put in by the departments that have it."""
        day = self.stage.back(60)
        for at, (name, kind, title, month, on, text) in enumerate(FORMER):
            unit, then = self.units[name], date(self.year - 1, month, on)
            whole = f"{self.year - 1}{title}" if title.startswith("年") else title
            caption: dict[str, Any] = {"kind": kind, "title": whole, "happened_on": then}
            if kind == "picture":
                place, people = text
                made, ending = files.picture(Random(at)), "jpg"
                caption |= {"place": place, "people": people, "theme": title}
            elif kind == "table":
                made, ending = (
                    files.table(whole, [["活动", "场次"], ["志愿服务", "36"], ["道德讲堂", "4"]]),
                    "xlsx",
                )
            else:
                number = f"云政服发〔{self.year - 1}〕{at + 8}号" if kind == "document" else ""
                made, ending = files.document(whole, number, AGENCY, list(text), said(then)), "docx"
                caption |= {"doc_no": number, "issuer": AGENCY}
            self.former.append(self._put(unit, day, made, f"{whole}.{ending}", **caption).pk)
        for at, (name, title, month, on, line) in enumerate(EARLIER):
            then, number = date(self.year - 2, month, on), f"云政服发〔{self.year - 2}〕{at * 7 + 3}号"
            made, ending = files.paper(title, number, AGENCY, ["各处室：", line], said(then))
            piece = self._put(
                self.units[name], day, made, f"{title}.{ending}", kind="document", title=title, happened_on=then, doc_no=number,
                issuer=AGENCY,
            )  # fmt: skip
            self.earlier.append(piece.pk)

    def _heard_and_linked(self) -> None:
        """A recording of the announcement in the hall, and pages of others."""
        unit, day = self.units["宣传处"], self.stage.back(25)
        self._put(
            unit, day, files.sound(65), "大厅文明提示语音.wav", kind="media", title="政务服务大厅文明提示语音", place="政务服务大厅",
            people="大厅播音员", theme="文明提示",
        )  # fmt: skip
        with clock.on(day, time(16, 5)):
            for url, title in LINKS:
                library.deposit_link(unit, by=self._liaison(unit), url=url, title=title, happened_on=day)

    # ---- what people do with it

    def _looked_at(self) -> None:
        """Warnings that somebody has looked at: the same file of two departments, a paper without a number, a caption."""
        same = files.document(
            "创建工作应知应会手册", "", AGENCY, ["本手册供干部职工学习使用。"], said(self.stage.back(30))
        )
        for name in ("宣传处", "人事处"):
            one = self._put(
                self.units[name],
                self.stage.back(30),
                same,
                "应知应会手册.docx",
                kind="other",
                title="创建工作应知应会手册",
            )
        self._check(one, "same", "两个处室各发一份存档，内容已核对一致，不删。")
        made = files.document(
            "局长在创建工作调度会上的讲话", "", AGENCY, ["同志们："], said(self.stage.back(18))
        )
        speech = self._put(
            self.units["办公室"], self.stage.back(18), made, "讲话.docx", kind="document", title="局长在创建工作调度会上的讲话",
            issuer=AGENCY,
        )  # fmt: skip
        self._check(speech, "number", "讲话材料本来没有文号。")
        shown = self._put(
            self.units["办公室"], self.stage.back(12), files.picture(Random(77)), "IMG_2077.jpg", kind="picture", title="政务服务大厅全景",
            place="政务服务大厅", theme="窗口环境",
        )  # fmt: skip
        self._check(shown, "caption", "大厅空景，没有人物。")

    def _check(self, piece: Evidence, code: str, note: str) -> None:
        with clock.on(self.stage.back(4), time(10, 40)):
            library.check(piece, by=self._liaison(piece.unit), code=code, note=note)

    def _proposed(self, bulletins: list[Evidence]) -> None:
        """For a few bulletins the office has taken an item that the library proposed, and turned another one down."""
        day = self.stage.back(2)
        with clock.on(day, time(11, 5)):
            found = proposals_for(self.clerk, bulletins, day)
            taken = 0
            for piece in bulletins:
                good = next((one for one in found[piece.pk] if self._fits(one, day)), None)
                if good is None or taken >= MOST_TAKEN:
                    continue
                taken += 1
                assert good.slot is not None
                ledger.cite(Slot.objects.get(pk=good.slot), by=self.clerk, evidence=piece)
                other = next(one for one in reversed(found[piece.pk]) if one is not good)
                ledger.decline(Item.objects.get(pk=other.item), by=self.clerk, evidence=piece)

    def _fits(self, one: Proposal, day: date) -> bool:
        """Whether an item is taken: well ahead, for a period that still runs, and none of what the cases tell of."""
        runs = one.slot is not None and Slot.objects.filter(pk=one.slot, due_on__gt=day).exists()
        return one.score > LEAST_SCORE and one.may and not one.cited and one.lead != "办公室" and runs

    def _thrown_away(self) -> None:
        """Two pieces in the bin, with why."""
        for name, title, back, why in (
            ("宣传处", "志愿服务进社区现场（重复）", 5, "与已存的照片重复"),
            ("人事处", "签到表（空白）", 12, "传错了，是空白表"),
        ):
            picture = title.startswith("志愿")
            made = files.picture(Random(back)) if picture else files.table(title, [["姓名", "签到"]])
            piece = self._put(
                self.units[name], self.stage.back(back + 2), made, f"{title}.{'jpg' if picture else 'xlsx'}",
                kind="picture" if picture else "table", title=title,
            )  # fmt: skip
            with clock.on(self.stage.back(back), time(9, 50)):
                library.remove(piece, by=self._liaison(piece.unit), reason=why)
