"""Which office a standard belongs to."""

from taizhang.kit.flow import State


class OwnerKind(State):
    CREATION = "creation", "文明创建"
    PARTY = "party", "机关党建"
    UNION = "union", "工会"
    OTHER = "other", "其他"
