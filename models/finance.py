"""Money over time: discount factors, grants by period, and value left at the end."""

from datetime import date
from typing import TYPE_CHECKING

from models.calendar import add_months, years_between

if TYPE_CHECKING:
    from models.instance import Instance


def discount(inst: "Instance", day: date) -> float:
    """(1 + discount rate)^−(years from the base date): what 1 MUSD on a day is worth now."""
    base = inst.finance.base_date or inst.horizon.start
    return float((1 + inst.finance.discount_rate_per_year) ** -years_between(base, day))


def discount_start(inst: "Instance", t: str) -> float:
    """Discount factor of a period's first day, when investment is paid."""
    return discount(inst, inst.periods[t].start)


def discount_middle(inst: "Instance", t: str) -> float:
    """Discount factor of a period's middle, when operation is paid."""
    return discount(inst, inst.periods[t].middle)


def granted(inst: "Instance", p: str) -> dict[str, float]:
    """Money that a pool is granted by period: on dates up to its first day, each once [MUSD]."""
    out = {}
    seen: date | None = None
    for t, period in inst.periods.items():
        grants = inst.budget.pools[p].grants.items()
        out[t] = sum(
            amount for day, amount in grants if day <= period.start and (seen is None or day > seen)
        )
        seen = period.start
    return out


def share_left(inst: "Instance", first: str, life_years: int) -> float:
    """Share of a life left at the end of the horizon, in days from the first of service."""
    if inst.finance.end_of_horizon_value == "none":
        return 0.0
    begins = inst.periods[first].start
    ends = add_months(begins, 12 * life_years)
    horizon = list(inst.periods.values())[-1].end
    return max(0, (ends - horizon).days) / (ends - begins).days


def unit_value_left(inst: "Instance", s: str, u: str, t: str) -> float:
    """Discounted value at the end of the horizon of one unit ordered in t [MUSD]."""
    share = share_left(inst, inst.services[s, u, t][0], inst.unit_types[u].life_years)
    return discount(inst, list(inst.periods.values())[-1].end) * share * inst.unit_capex(s, u)


def hall_value_left(inst: "Instance", s: str, t: str) -> float:
    """Discounted value at the end of the horizon of one hall ordered in t [MUSD]."""
    share = share_left(inst, inst.hall_services[s, t][0], inst.sites[s].hall_life_years)
    return discount(inst, list(inst.periods.values())[-1].end) * share * inst.hall_block_capex(s)


def conversion_value_left(inst: "Instance", s: str, t: str) -> float:
    """Discounted value at the end of the horizon of one MW converted in t [MUSD per MW]."""
    mine = inst.mine_of[s]
    share = share_left(inst, inst.conversion_services[s, t][0], mine.life_years)
    return discount(inst, list(inst.periods.values())[-1].end) * share * mine.capex_musd_per_mw
