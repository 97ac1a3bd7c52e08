"""/look/: every part in every state, with believable content. Demo sites only.

The data stand here because the page is a sample, not a query: nothing on it comes from the database.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe

from taizhang.kit import look

from .look_data import AREAS, DEPARTMENTS, GRID, ROWS, STORY, TREE


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="事项名称", help_text="写明做什么，不超过 40 个字")
    lead = forms.ChoiceField(label="牵头处室", choices=[("", "请选处室"), *enumerate(DEPARTMENTS)])
    due_on = forms.DateField(label="期限", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    points = forms.DecimalField(label="分值", required=False, max_digits=5, decimal_places=2)
    source = forms.ChoiceField(
        label="来源",
        widget=forms.RadioSelect,
        choices=[("a", "会议决定"), ("b", "领导批示"), ("c", "上级交办")],
    )
    co = forms.MultipleChoiceField(
        label="配合处室",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(str(i), name) for i, name in enumerate(DEPARTMENTS[:6])],
    )
    place = forms.CharField(label="地点", required=False)
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    paper = forms.BooleanField(label="这一环节可以在纸上签", required=False)


def sample_form(*, wrong: bool = False) -> SampleForm:
    good = {
        "title": "补齐换届批复原件",
        "lead": "10",
        "due_on": "2020-06-24",
        "source": "a",
        "place": "机关三楼会议室",
    }
    if wrong:
        form = SampleForm(
            {**good, "title": "", "due_on": "2020-02-30", "points": "零点三", "note": "领导批示见附件。"},
            auto_id="bad_%s",
        )
    else:
        form = SampleForm(initial={**good, "co": ["0", "2"]}, auto_id="ok_%s")
    return form


def slots() -> list[dict[str, Any]]:
    done = [
        ("1月", "g", "通过 01-20"),
        ("2月", "g", "通过 02-26"),
        ("3月", "g", "通过 03-30"),
        ("4月", "r", "退回 1 次"),
    ]
    rows: list[dict[str, Any]] = [{"label": a, "lamp": b, "word": c, "url": "#slots"} for a, b, c in done]
    rows.append({"label": "5月", "lamp": "r", "word": "逾期8天", "url": "#slots", "cur": True})
    rows.append({"label": "6月", "lamp": "b", "word": "待审核", "url": "#slots"})
    return rows + [
        {"label": f"{n}月", "lamp": "n", "word": "未到", "url": "#slots", "off": True} for n in (7, 8, 9)
    ]


def matrix() -> list[tuple[str, str, list[str], SafeString]]:
    """Ten branches, twelve months."""
    names = "一二三四五六七八九十"
    rows = []
    for row, name in enumerate(names):
        cells: list[str] = []
        for month in range(1, 13):
            if row == 9 and month < 3:
                cells.append(look.mark("before", "启用前", title="系统启用前，可补录"))
            elif month < 5:
                state, word = (
                    ("lost", "未报") if (row, month) == (6, 2) else ("accepted", f"{month:02}-2{row % 9}")
                )
                cells.append(look.mark(state, word, "#matrix", f"第{name}党支部 {month} 月"))
            elif month == 5:
                state, word = [
                    ("accepted", "05-27"),
                    ("submitted", "待审"),
                    ("returned", "退回"),
                    ("late", "逾期8"),
                ][row % 4]
                cells.append(look.mark(state, word, "#matrix"))
            elif month == 6:
                cells.append(
                    look.mark("due", "剩3天", "#matrix")
                    if row % 3 == 0
                    else look.mark("open", "未报", "#matrix")
                )
            elif row == 4 and month == 8:
                cells.append(look.mark("waived", "不适用"))
            else:
                cells.append("")
        rows.append(
            (
                f"第{name}党支部",
                "#matrix",
                cells,
                look.ratio(sum("mk ok" in cell for cell in cells), 12, "#matrix"),
            )
        )
    return rows


def areas() -> dict[str, Any]:
    def cell(done: int, total: int, late: int, soon: int) -> dict[str, Any] | None:
        if not total:
            return None
        title = f"{total} 项，已销号 {done}，临近 {soon}，逾期 {late}"
        return {"done": done, "total": total, "late": late, "soon": soon, "url": "#areas", "title": title}

    rows = []
    for index, (name, _, _, _) in enumerate(AREAS):
        counts = []
        for column in range(len(DEPARTMENTS)):
            total = (index * 7 + column * 5) % 11 if (index + column) % 3 else 0
            counts.append(
                (
                    total * (column % 4) // 4 if total > 1 else total,
                    total,
                    int((index * column) % 17 == 6),
                    int(column % 7 == 2),
                )
            )
        whole = [sum(part) for part in zip(*counts, strict=True)]
        rows.append((name, "#areas", [cell(*count) for count in counts], cell(*whole)))
    foot = [
        cell(7, 36, 4, 0),
        *[cell(i % 4, 6 + i, 0, i % 2) for i in range(1, len(DEPARTMENTS))],
        cell(67, 259, 7, 14),
    ]
    rates = [
        ("19%", "7/36"),
        *[(f"{100 * (i % 4) // (6 + i)}%", f"{i % 4}/{6 + i}") for i in range(1, len(DEPARTMENTS))],
        ("26%", "67/259"),
    ]
    return {"cols": [(name, "#areas") for name in DEPARTMENTS], "rows": rows, "foot": foot, "rates": rates}


def chart() -> dict[str, Any]:
    months = [f"{n}月" for n in range(1, 11)]
    plan = [0, 1, 12, 35, 44, 67, 92, 104, 180, 257]
    done = [0, 1, 14, 38, 49, 67, None, None, None, None]
    return {
        "line": {"kind": "line", "x": months, "unit": "项", "today": "6月", "assessed": "10月",
                 "series": [{"name": "计划", "data": plan, "plan": True}, {"name": "实际", "data": done}]},
        "bars": {"kind": "bar", "x": DEPARTMENTS[:9], "unit": "项", "limit": 12, "limit_name": "每月上限",
                 "series": [{"name": "新排", "data": [9, 4, 6, 3, 8, 5, 2, 14, 7]}, {"name": "原排", "data": [16, 2, 3, 1, 12, 3, 2, 18, 4], "plan": True}]},
        "line_heads": ["月份", "计划（项）", "实际（项）"], "bar_heads": ["处室", "新排（项）", "原排（项）"],
        "line_rows": list(zip(months, plan, done, strict=True)),
        "bar_rows": list(zip(DEPARTMENTS[:9], [9, 4, 6, 3, 8, 5, 2, 14, 7], [16, 2, 3, 1, 12, 3, 2, 18, 4], strict=True)),
    }  # fmt: skip


def page_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "form": sample_form(),
        "wrong": sample_form(wrong=True),
        "rows": ROWS,
        "item_states": [("pending", "待交办"), ("assigned", "已交办"), ("received", "已签收"), ("doing", "办理中"), ("review", "待审核"),
                        ("accepted", "审核通过"), ("closed", "已销号"), ("returned", "退回"), ("suspended", "中止"), ("waived", "不适用")],
        "slot_states": [("open", "未报"), ("submitted", "待审核"), ("returned", "退回"), ("accepted", "通过"), ("lost", "逾期未报"), ("waived", "不适用")],
        "lamps": [("g", "按期"), ("y", "临近，剩2天"), ("y", "今日到期"), ("r", "逾期8天"), ("n", "未开始"), ("f", "已销号"), ("x", "逾期"),
                  ("b", "已等3天"), ("o", "不适用"), ("d1", "蓝色督办（第1次）"), ("d2", "橙色督办（第2次）"), ("d3", "红色督办（第3次）")],
        "counts": [{"label": "退回给我", "n": 1, "url": "#counts", "hot": True}, {"label": "逾期", "n": 0, "url": "#counts", "hot": True},
                   {"label": "临近", "n": 2, "url": "#counts", "lamp": "y"}, {"label": "待我审核", "n": 8, "url": "#counts", "lamp": "b", "on": True},
                   {"label": "待我核验", "n": 1, "url": "#counts"}, {"label": "期次已通过", "n": "238/607", "url": "#counts"},
                   {"label": "平均提前", "n": 12, "unit": "个工作日"}],
        "slots": slots(),
        "matrix_cols": [(f"{n}月", n == 6) for n in range(1, 13)],
        "matrix": matrix(),
        "areas": areas(),
        "area_bars": AREAS,
        "chart": chart(),
        "chain": [{"label": "责任人提交", "person": "朱辉斌", "state": "ok", "word": "05-29 17:52"},
                  {"label": "处室负责人", "person": "黎林波", "state": "on", "word": "等他审核，已等3天"},
                  {"label": "第一活动组", "person": "马华斌", "state": "", "word": "未到"},
                  {"label": "创建办", "person": "石玲佳（代 秦洋志）", "state": "skip", "word": "与上一环节同一人，略过"},
                  {"label": "分管领导", "person": "卢欣燕", "state": "", "word": "未到，可纸签"}],
        "signs": [{"label": "处室负责人审核", "opinion": "材料齐全，同意上报。", "name": "黎林波", "at": "2020-04-24 16:10"},
                  {"label": "活动组复核", "opinion": "会议记录与照片相互印证。", "name": "马华斌", "tag": "代", "at": "2020-04-26 09:32"},
                  {"label": "创建办核验", "opinion": "符合 1.1.3 要求，计 1 次。", "name": "石玲佳", "at": "2020-04-27 11:05"},
                  {"label": "分管领导审定", "opinion": "同意。", "name": "卢欣燕", "tag": "纸签", "at": "2020-04-28 08:47"}],
        "story": STORY,
        "steps": ["选文件", "对列", "核对：左边原表，右边识别结果", "与旧版比较", "保存"],
        "jobs": [{"name": "装订进度", "done": 256, "total": 412, "doing": mark_safe('转换：<a href="#jobs">道德讲堂第二期小结.docx</a>'), "left": "已用 3 分 10 秒，约剩 1 分 55 秒", "state": "running", "cancel_url": "#jobs"},
                 {"done": 0, "total": 0, "state": "running"}, {"done": 412, "total": 412, "state": "done", "left": "用时 5 分 02 秒"},
                 {"done": 118, "total": 412, "state": "failed", "doing": "第 119 件打不开：2020年一季度经费支出表.xlsx 有打开密码"}],
        "files": [{"name": "2020年5月创建工作调度会会议记录.docx", "url": "#files", "facts": "2020-05-22　机关三楼会议室　主持 万刚柏", "receipt": "YZ-2020-004127", "need": "月度调度会议记录", "check_lamp": "g", "check": "符合", "check_note": "时间、地点、人员齐", "acts": look.link("#files", "移除")},
                  {"name": "IMG_3972.jpg", "url": "#files", "facts": "2020-05-22　三楼会议室　领导小组成员　主题：5 月调度", "need": "会议现场照片", "check_lamp": "y", "check": "1/2 张", "check_note": "能看出单位名称", "acts": look.link("#files", "移除")},
                  {"name": "5月份创建任务进展通报.pdf", "url": "#files", "facts": "2 页", "need": "任务进度通报", "check_lamp": "r", "check": "无文号", "check_note": "正式发文须有文号和印章页", "acts": look.link("#files", "填文号")}],
        "diff": [{"label": "期限", "name": "due_on", "was": "2020-06-16", "theirs": "2020-06-24", "mine": "2020-06-30", "both": True},
                 {"label": "责任人", "name": "person", "was": "龙嘉云", "theirs": "吕珊岚", "mine": "万辉伟", "both": True},
                 {"label": "配合处室", "name": "co", "was": "信息中心", "theirs": "信息中心", "mine": "信息中心、办公室", "note": "只有你改了，会照你填的保存"}],
        "grid_heads": [("A", "测评项目"), ("B", "测评内容"), ("C", "编号"), ("D", "测评标准"), ("E", "分值"), ("F", "测评方法"), ("G", "牵头处室")],
        "grid": GRID,
        "tree": TREE,
        "page": Paginator(range(259), 70).get_page(request.GET.get("page")),
        "crumbs": [("事项清单", "#crumbs"), ("Ⅰ-1 组织领导与创建机制", "#crumbs"), ("Ⅱ-1 领导责任", "")],
        "before": ("Ⅲ-2", "#crumbs"), "after": ("Ⅲ-4", "#crumbs"),
        "bulk_acts": [(label, "") for label in ("交办", "改期限", "改责任人", "催办", "审核通过", "下载材料")],
        "cols": [(4, "分值"), (5, "牵头处室"), (6, "责任人"), (7, "周期")],
        "empty_acts": [("导入测评标准", "#empty", True), ("直接导入台账", "#empty", False)],
        "empty_outs": [("去掉“灯：逾期”，有 26 项", "#empty"), ("去掉“方面”，有 7 项", "#empty"), ("清空筛选，有 259 项", "#empty")],
    }  # fmt: skip


@login_not_required
def sample(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    return render(request, "config/look.html", page_context(request))


@login_not_required
def paper(request: HttpRequest) -> HttpResponse:
    """The two printed papers: a form on A4, and (?letter) a letter with red lines."""
    if not settings.DEMO:
        raise Http404
    return render(request, "config/look_paper.html", {"letter": "letter" in request.GET})


urlpatterns = [path("look/", sample, name="look"), path("look/paper/", paper, name="look_paper")]
