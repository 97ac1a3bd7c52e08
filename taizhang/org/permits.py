"""Who may do what: the one table an auditor reads. Anything not listed here is denied.

A *permit* says that a role may do a thing on a unit and all beneath it. *When* it may be done (state, own
submission, date) is a rule inside the action.
"""

from taizhang.kit.flow import State


class Permit(State):
    ORG_VIEW = "org_view", "看组织人员"
    ORG_EDIT = "org_edit", "改组织人员"
    ABSENCE_NOTE = "absence_note", "登记请假外出"
    ACCOUNT_MANAGE = "account_manage", "管账号"
    JOURNAL_VIEW = "journal_view", "看操作日志"
    STANDARD_VIEW = "standard_view", "看测评标准"
    STANDARD_EDIT = "standard_edit", "导入和改测评标准"
    CAMPAIGN_VIEW = "campaign_view", "看创建活动"
    CAMPAIGN_EDIT = "campaign_edit", "设创建活动"
    LEDGER_VIEW = "ledger_view", "看台账"
    LEDGER_SUBMIT = "ledger_submit", "签收和提交事项"
    LEDGER_BEHALF = "ledger_behalf", "代报"
    LEDGER_REVIEW = "ledger_review", "审核签批"
    LEDGER_PAPER = "ledger_paper", "登记纸质签批"
    LEDGER_MANAGE = "ledger_manage", "交办、排期、销号管理"
    EVIDENCE_VIEW = "evidence_view", "看材料"
    EVIDENCE_ADD = "evidence_add", "存材料"
    EVIDENCE_EDIT = "evidence_edit", "改材料说明"
    BIND = "bind", "装订材料册"
    ARCHIVE = "archive", "归档"


class Role(State):
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    AUDITOR = "auditor", "审计员"
    OFFICE = "office", "创建办"
    HEAD = "head", "负责人"
    LIAISON = "liaison", "联络员"
    FILLER = "filler", "责任人"
    GROUP_LEADER = "group_leader", "活动组组长"
    LEADER = "leader", "分管领导"
    MEMBER = "member", "干部职工"
    OVERSEER = "overseer", "上级创建办"


#: roles of the keepers of the system: given by those who keep accounts, and never stood in for
KEEPERS = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})

P = Permit
_VIEW = frozenset({P.ORG_VIEW, P.STANDARD_VIEW, P.CAMPAIGN_VIEW, P.LEDGER_VIEW, P.EVIDENCE_VIEW})
_FILL = _VIEW | {P.LEDGER_SUBMIT, P.EVIDENCE_ADD, P.EVIDENCE_EDIT}

#: role → permits. The system administrator has no business permits (三员分立).
GRANTS: dict[Role, frozenset[Permit]] = {
    Role.SYSTEM_ADMIN: frozenset({P.ORG_VIEW, P.ACCOUNT_MANAGE}),
    Role.AUDITOR: frozenset({P.ORG_VIEW, P.JOURNAL_VIEW}),
    # the office never submits as if it were the department: it enters on behalf (代报), and that shows
    Role.OFFICE: (_FILL - {P.LEDGER_SUBMIT}) | {
        P.ORG_EDIT, P.ABSENCE_NOTE, P.STANDARD_EDIT, P.CAMPAIGN_EDIT, P.LEDGER_BEHALF, P.LEDGER_REVIEW, P.LEDGER_PAPER,
        P.LEDGER_MANAGE, P.JOURNAL_VIEW, P.BIND, P.ARCHIVE,
    },
    Role.HEAD: _FILL | {P.LEDGER_REVIEW, P.ABSENCE_NOTE, P.BIND},
    Role.LIAISON: _FILL | {P.LEDGER_BEHALF, P.ABSENCE_NOTE, P.BIND},
    Role.FILLER: _FILL,
    Role.GROUP_LEADER: _VIEW | {P.LEDGER_REVIEW},
    Role.LEADER: _VIEW | {P.LEDGER_REVIEW, P.BIND},
    Role.MEMBER: _VIEW,
    Role.OVERSEER: _VIEW,
}  # fmt: skip
