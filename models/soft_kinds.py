"""The kinds of limits that may be soft: where they are, and how missing them is counted."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from models.borrowing import borrowers, most_debt
from models.finance import granted
from models.fleet import quota_allowance
from models.prices import opex_allowance
from models.rentals import rentable_mtok_s
from models.sovereignty import holders, hosted_floor, served_floor, share_on
from models.upgrades import largest_mw

if TYPE_CHECKING:
    from models.instance import Instance


class Kind(NamedTuple):
    """A kind of limit that may be soft."""

    counted: Literal["held", "run", "once"]
    """held: per unit and year, in the middle of the period · run: per unit, in the middle ·
    once: per unit, on the first day."""

    places: Callable[["Instance"], Iterable[str]]
    """Where such limits are."""

    most: Callable[["Instance", str, str], float] | None
    """Most by which one may be missed where nothing is said, by place and period; None: it must
    be said."""

    dated: bool = True
    """False for limits on the horizon as a whole, whose period is empty."""


def _largest_cap_mw(inst: "Instance", g: str) -> float:
    upgrades = inst.grid_upgrades.values()
    added = sum(up.added_cap_mw for up in upgrades if inst.sites[up.site].grid_region == g)
    return max(inst.grid_regions[g].cap_mw.values()) + added


def _most_it_mw(inst: "Instance", s: str, t: str) -> float:
    """Most IT power in service that a connection carries [IT MW]."""
    return inst.most_load_mw(s, t) / min(inst.sites[s].pue.values())


def _credit(inst: "Instance", p: str) -> float:
    return max(most_debt(inst, p).values())


def _holders(inst: "Instance", of: str) -> list[str]:
    return [
        f"{c}/{h}"
        for c, cap in inst.concentration.items()
        if cap.share_of == of
        for h in holders(inst, cap)
    ]


def _above(inst: "Instance", ch: str, t: str) -> float:
    """What is left of the whole above the share of a cap, which nobody can exceed by more."""
    cap = inst.concentration[ch.partition("/")[0]]
    share = share_on(cap.most_share, inst.periods[t].start)
    return 0.0 if share is None else 1.0 - share


def _demand_mtok_s(inst: "Instance", t: str) -> float:
    states = inst.states.items()
    shares = {o: state.share for o, state in states if state.period == t}
    return sum(mtok_s * shares.get(o, 0.0) for (_, o), mtok_s in inst.demand_mtok_s.items())


KINDS: dict[str, Kind] = {
    "site_power": Kind("held", lambda inst: inst.sites, lambda inst, s, _: largest_mw(inst, s)),
    "grid_region_power": Kind(
        "held", lambda inst: inst.grid_regions, lambda inst, g, _: _largest_cap_mw(inst, g)
    ),
    "halls": Kind("held", lambda inst: inst.sites, _most_it_mw),
    "install_rate": Kind(
        "once",
        lambda inst: [s for s, x in inst.sites.items() if x.install_rate_mw_per_month is not None],
        lambda inst, s, t: (
            (inst.sites[s].install_rate_mw_per_month or 0.0) * inst.periods[t].months
        ),
    ),
    "quota": Kind(
        "once",
        lambda inst: inst.quotas,
        lambda inst, q, _: max(quota_allowance(inst, q, t) for t in inst.periods),
    ),
    "budget": Kind(
        "once", lambda inst: inst.budget.pools, lambda inst, p, _: sum(granted(inst, p).values())
    ),
    "borrowing": Kind("held", borrowers, lambda inst, p, _: _credit(inst, p)),
    "opex": Kind(
        "run",
        lambda inst: inst.budget.opex_caps,
        lambda inst, c, _: max(opex_allowance(inst, c, t) for t in inst.periods),
    ),
    "min_build": Kind(
        "once",
        lambda inst: [s for s, x in inst.sites.items() if x.min_build_mw and not x.opened],
        lambda inst, s, _: inst.sites[s].min_build_mw,
        dated=False,
    ),
    "rental": Kind(
        "held",
        lambda inst: inst.rentals,
        lambda inst, x, _: max(rentable_mtok_s(inst, x, t) for t in inst.periods),
    ),
    "sufficiency_share": Kind("held", lambda inst: inst.sufficiency, served_floor),
    "sufficiency_mw": Kind("held", lambda inst: inst.sufficiency, hosted_floor),
    "tokens_share": Kind(
        "held",
        lambda inst: _holders(inst, "tokens"),
        lambda inst, ch, t: _above(inst, ch, t) * _demand_mtok_s(inst, t),
    ),
    "it_mw_share": Kind(
        "held",
        lambda inst: _holders(inst, "it_mw"),
        lambda inst, ch, t: _above(inst, ch, t) * sum(_most_it_mw(inst, s, t) for s in inst.sites),
    ),
    "capital_share": Kind("once", lambda inst: _holders(inst, "capital"), None),
}
"""The limits that may be soft. A further kind is a line here, one in the checker
(optimizer/verify/facts/soft.py), and `soft()` in the row of its family."""
