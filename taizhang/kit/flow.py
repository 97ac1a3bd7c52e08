"""A state machine as a table: which step leads from which states to which."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from .errors import Refused


class State(StrEnum):
    """A state and its word on screen: `OPEN = "open", "未报"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "State":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]


class Flow:
    """`Flow(Status, {"submit": ([OPEN, RETURNED], SUBMITTED)})`."""

    def __init__(self, states: type[State], steps: Mapping[str, tuple[Iterable[State], State]]) -> None:
        self.states = states
        self.steps = {step: (tuple(sources), target) for step, (sources, target) in steps.items()}

    def take(self, step: str, state: str) -> State:
        """Return the state that STEP leads to, or refuse."""
        sources, target = self.steps[step]
        if state not in sources:
            raise Refused(f"现在是“{self.states(state).label}”，不能进行这一步。请刷新页面看最新情况。")
        return target

    def allows(self, step: str, state: str) -> bool:
        return state in self.steps[step][0]

    def open_from(self, state: str) -> list[str]:
        """The steps that may be taken from STATE, in the order of the table: the buttons."""
        return [step for step, (sources, _) in self.steps.items() if state in sources]

    def mermaid(self, labels: Mapping[str, str]) -> str:
        """The diagram for docs/flows.md."""
        lines = ["stateDiagram-v2"]
        for step, (sources, target) in self.steps.items():
            for source in sources:
                lines.append(f"    {source.label} --> {target.label}: {labels.get(step, step)}")
        return "\n".join(lines)
