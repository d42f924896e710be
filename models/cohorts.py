"""Cohorts: units of one type at one site that entered service, and reach their end, together.

Only cohorts of which units may leave early are named here. All units of a type live equally long,
so that the one of two cohorts that is older may leave, and must have left, no later.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.calendar import add_months

if TYPE_CHECKING:
    from models.instance import Instance


class Cohort(NamedTuple):
    """Units that share one life.

    Attributes:
        units: how many there are at the start; None for those of an order.
        serves: the periods of their whole life.
        leaves: the periods at whose start units may leave early.
    """

    units: int | None
    serves: tuple[str, ...]
    leaves: tuple[str, ...]


Key = tuple[str, str, str]
"""Site, unit type, and the period of the order, or 'since 2026-07-01' for initial units."""


def cohorts(inst: "Instance") -> dict[Key, Cohort]:
    """The cohorts of which units may leave early; of a site and unit type, the oldest first.

    A unit serves at least one period before it leaves; one that is in service since before the
    horizon may leave with its first day.
    """
    place = {t: i for i, t in enumerate(inst.periods)}
    found = [(key, one) for key, one in (*_initial(inst), *_ordered(inst)) if one.leaves]
    order = {
        (s, u): i for i, (s, u) in enumerate((s, u) for s in inst.sites for u in inst.unit_types)
    }
    found.sort(
        key=lambda pair: (
            order[pair[0][:2]],
            place[pair[1].leaves[0]],
            place[pair[1].leaves[-1]],
        )
    )
    return dict(found)


def _ordered(inst: "Instance") -> Iterator[tuple[Key, Cohort]]:
    for (s, u, t), serves in inst.services.items():
        if inst.unit_types[u].early_retirement:
            yield (s, u, t), Cohort(None, serves, serves[1:])


def _initial(inst: "Instance") -> Iterator[tuple[Key, Cohort]]:
    for row in inst.initial_units:
        unit = inst.unit_types[row.unit_type]
        if not unit.early_retirement or not row.units:
            continue
        ends = add_months(row.in_service, 12 * unit.life_years)
        serves = tuple(
            t for t, p in inst.periods.items() if row.in_service <= p.start and p.end <= ends
        )
        leaves = serves if row.in_service < inst.horizon.start else serves[1:]
        name = since(row.in_service)
        yield (row.site, row.unit_type, name), Cohort(row.units, serves, leaves)


def since(day: date) -> str:
    """The name of a cohort of initial units."""
    return f"since {day.isoformat()}"
