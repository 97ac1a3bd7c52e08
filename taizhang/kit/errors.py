"""What may go wrong in words for the person at the screen. Nothing here knows what the work is about."""


class Refused(Exception):
    """The thing cannot be done now. `message` is Chinese: what, where, what to do. HTTP 409."""

    status = 409
    title = "没有办成"

    def __init__(self, message: str, *, problems: list[str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems or []


class Stale(Refused):
    """Somebody else changed the record since the form was opened."""

    title = "内容已被他人修改"


class NotPermitted(Refused):
    """The person may see the thing, not do this with it. HTTP 403."""

    status = 403
    title = "没有权限"


class Busy(Refused):
    """The database or the disk cannot take a write now; the same post may be sent again. HTTP 503."""

    status = 503
    title = "系统正忙"
