"""Who may stand at a step of a review chain on one day: a frozen snapshot of an agency's posts."""

from dataclasses import dataclass, field

People = tuple[int, ...]
"""Ids of persons, in the order of the roster."""


@dataclass(frozen=True)
class Holders:
    """Posts alive on one day, by unit id. Made by `org.queries.holders`; asking it costs no query.

    `parents` leads from each unit inside the agency to the unit above it, up to the agency itself.
    """

    agency_id: int
    names: dict[int, str] = field(default_factory=dict)
    parents: dict[int, int | None] = field(default_factory=dict)
    heads_of: dict[int, People] = field(default_factory=dict)
    liaisons_of: dict[int, People] = field(default_factory=dict)
    leaders_of: dict[int, People] = field(default_factory=dict)
    #: office unit → people with an OFFICE post through a group that staffs it
    office_of: dict[int, People] = field(default_factory=dict)
    group_leaders_by_area: dict[str, People] = field(default_factory=dict)
    group_leaders_by_unit: dict[int, People] = field(default_factory=dict)
    #: absent person → who stands in (AB角)
    stand_ins: dict[int, int] = field(default_factory=dict)

    def upwards(self, unit_id: int | None) -> list[int]:
        """The unit and those above it inside the agency, nearest first; the agency itself is the last."""
        way: list[int] = []
        while unit_id is not None and unit_id in self.parents and unit_id not in way:
            way.append(unit_id)
            unit_id = self.parents[unit_id]
        return way

    def _nearest(self, table: dict[int, People], unit_id: int | None) -> People:
        return next((table[unit] for unit in self.upwards(unit_id) if table.get(unit)), ())

    def heads(self, unit_id: int | None) -> People:
        """Heads of the unit; if it has none, of the nearest unit above: 机关工会 is headed by 机关党委."""
        return self._nearest(self.heads_of, unit_id)

    def leaders(self, unit_id: int | None) -> People:
        """The leader in charge (分管领导) of the unit, or of the nearest unit above that has one."""
        return self._nearest(self.leaders_of, unit_id)

    def office(self, unit_id: int | None) -> People:
        """Members of a creation office; for another owner (机关党委, 机关工会) its heads and liaisons."""
        if unit_id is None:
            return ()
        if self.office_of.get(unit_id):
            return self.office_of[unit_id]
        for unit in self.upwards(unit_id):
            both = dict.fromkeys((*self.heads_of.get(unit, ()), *self.liaisons_of.get(unit, ())))
            if both:
                return tuple(both)
        return ()

    def group_leaders(self, area_code: str, lead_unit_id: int | None) -> People:
        """Leaders of the group that answers for the area; if none does, for the lead department."""
        return self.group_leaders_by_area.get(area_code) or self._nearest(
            self.group_leaders_by_unit, lead_unit_id
        )

    def name(self, person_id: int) -> str:
        """The person's name, or an empty text for one who holds nothing here."""
        return self.names.get(person_id, "")
