"""Mines and shells: when converted halls serve, when leases begin and how long they are bound."""

from typing import TYPE_CHECKING

from models.calendar import add_months, step_value
from models.fleet import in_service

if TYPE_CHECKING:
    from models.instance import Instance


def conversion_services(inst: "Instance") -> dict[tuple[str, str], tuple[str, ...]]:
    """For each possible conversion (site, period), the periods its hall is in use.

    Possible: there is mining on the period's first day, and the hall serves within the horizon.
    """
    out = {}
    for s, mine in inst.mine_of.items():
        for t, period in inst.periods.items():
            delivered = add_months(period.start, mine.months)
            serves = in_service(inst, delivered, mine.life_years)
            if serves and step_value(mine.mining_mw, period.start) > 0:
                out[s, t] = serves
    return out


def lease_terms(inst: "Instance") -> dict[tuple[str, str], tuple[str, ...]]:
    """For each period in which a lease can begin (site, period), the periods it is bound for.

    A lease can begin with the first period that starts no earlier than the lead time after the
    horizon's start; it is bound for every period that starts within its least term.
    """
    out = {}
    for s, shell in inst.shell_of.items():
        earliest = add_months(inst.horizon.start, shell.lead_months)
        for t, period in inst.periods.items():
            if period.start >= earliest:
                ends = add_months(period.start, shell.term_months)
                later = inst.periods.values()
                out[s, t] = tuple(p.name for p in later if period.start <= p.start < ends)
    return out


def mining_mw(inst: "Instance", s: str, t: str) -> float:
    """Mining power that exists at a site at a period's start, converted or not [MW]."""
    mine = inst.mine_of.get(s)
    return step_value(mine.mining_mw, inst.periods[t].start) if mine else 0.0


def hall_mw_per_mw(inst: "Instance", s: str) -> float:
    """Hall capacity that a converted MW becomes: shell share / lowest PUE [IT MW per MW]."""
    return inst.mine_of[s].shell_share / min(inst.sites[s].pue.values())


def leasable_mw(inst: "Instance", s: str, t: str) -> float:
    """Most that can be leased at a site in a period [IT MW]."""
    return step_value(inst.shell_of[s].most_mw, inst.periods[t].start)
