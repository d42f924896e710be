"""Volume tiers: what each saves, and how many units can lie beyond it."""

from typing import TYPE_CHECKING

from models.calendar import add_months
from models.finance import discount, share_left
from models.fleet import in_service, most_units

if TYPE_CHECKING:
    from models.entities.volume import VolumeTier
    from models.instance import Instance


def tiers(inst: "Instance", u: str) -> "list[VolumeTier]":
    """The tiers of a unit type, lowest first."""
    rows = [row for row in inst.volume_tiers if row.unit_type == u]
    return sorted(rows, key=lambda row: row.from_units)


def savings(inst: "Instance") -> dict[tuple[str, str], tuple[int, float]]:
    """By unit type and tier: the units before it, and what a unit beyond saves [units, MUSD].

    Tiers are named by the units before them. A unit saves against the tier below, so that what it
    saves in all is the sum over the tiers that it lies beyond.
    """
    out = {}
    for u in dict.fromkeys(row.unit_type for row in inst.volume_tiers):
        share = 1.0
        for row in tiers(inst, u):
            saved = (share - row.price_share) * inst.unit_types[u].capex_musd
            out[u, str(row.from_units)] = row.from_units, saved
            share = row.price_share
    return out


def most_beyond(inst: "Instance", u: str, before: int, t: str) -> int:
    """Most units of a type that orders up to a period bring beyond a tier [units]."""
    names = list(inst.periods)
    until = set(names[: names.index(t) + 1])
    orders = (key for key in inst.services if key[1] == u and key[2] in until)
    return max(0, sum(most_units(inst, *key) for key in orders) - before)


def value_lost(inst: "Instance", u: str, t: str) -> float:
    """What 1 MUSD saved on a unit ordered in t takes off its value at the end, discounted [MUSD].

    As if the unit came without delay at its site.
    """
    delivered = add_months(inst.periods[t].start, inst.unit_types[u].lead_months)
    serves = in_service(inst, delivered, inst.unit_types[u].life_years)
    if not serves:
        return 0.0
    left = share_left(inst, serves[0], inst.unit_types[u].life_years)
    return discount(inst, list(inst.periods.values())[-1].end) * left
