"""Soft limits: which may be missed, where and when, by how much, and how that is counted."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from models.borrowing import borrowers, most_debt
from models.finance import discount_middle, discount_start, granted
from models.fleet import quota_allowance
from models.prices import opex_allowance
from models.rentals import rentable_mtok_s
from models.sovereignty import holders, hosted_floor, served_floor, share_on
from models.upgrades import largest_mw

if TYPE_CHECKING:
    from models.entities.soft import SoftLimit
    from models.instance import Instance

Key = tuple[str, str, str]
"""Limit, at and period, as in the table of limits."""


class Kind(NamedTuple):
    """A kind of limit that may be soft."""

    counted: Literal["held", "run", "once"]
    """held: per unit and year, in the middle of the period · run: per unit, in the middle ·
    once: per unit, on the first day."""

    places: Callable[["Instance"], Iterable[str]]
    """Where such limits are."""

    most: Callable[["Instance", str, str], float]
    """Most by which one may be missed where nothing is said, by place and period; 0: not known."""

    dated: bool = True
    """False for limits on the horizon as a whole, whose period is empty."""


KINDS: dict[str, Kind] = {
    "site_power": Kind("held", lambda inst: inst.sites, lambda inst, s, _: largest_mw(inst, s)),
    "grid_region_power": Kind(
        "held", lambda inst: inst.grid_regions, lambda inst, g, _: _largest_cap_mw(inst, g)
    ),
    "halls": Kind("held", lambda inst: inst.sites, lambda inst, *at: _most_it_mw(inst, *at)),
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
    "capital_share": Kind("once", lambda inst: _holders(inst, "capital"), lambda *_: 0.0),
}
"""The limits that may be soft. A further kind is a line here, one in the checker
(optimizer/verify/facts/soft.py), and `soft()` in the row of its family."""


def declared(inst: "Instance") -> dict[Key, "SoftLimit"]:
    """The limits that may be missed, with the row that counts for each."""
    out = {}
    for row in inst.__dict__.get("soft_limits", ()):
        if (kind := KINDS.get(row.limit)) is None:
            continue
        for at in kind.places(inst):
            if not row.at or at in row.at:
                for t in inst.periods if kind.dated else ("",):
                    if not t or _holds(inst, row, t):
                        out[row.limit, at, t] = row
    return out


def most_excess(inst: "Instance", limit: str, at: str, t: str) -> float:
    """Most by which a limit may be missed; 0 for a hard one [its unit]."""
    row = inst.soft.get((limit, at, t))
    if row is None:
        return 0.0
    return KINDS[limit].most(inst, at, t) if row.most is None else row.most


def price(inst: "Instance", limit: str, at: str, t: str) -> float:
    """What missing a limit by one unit costs in a period, not discounted [MUSD per unit]."""
    musd = inst.soft[limit, at, t].price_musd
    return musd * inst.periods[t].years if KINDS[limit].counted == "held" else musd


def discount(inst: "Instance", limit: str, t: str) -> float:
    """Discount factor of missing a limit in a period."""
    if KINDS[limit].counted == "once":
        return discount_start(inst, counted_in(inst, t))
    return discount_middle(inst, t)


def counted_in(inst: "Instance", t: str) -> str:
    """The period in which a violation is counted: the first for the horizon as a whole."""
    return t or next(iter(inst.periods))


def _holds(inst: "Instance", row: "SoftLimit", t: str) -> bool:
    start = inst.periods[t].start
    return (row.from_date is None or start >= row.from_date) and (
        row.until_date is None or start < row.until_date
    )


def _largest_cap_mw(inst: "Instance", g: str) -> float:
    upgrades = inst.grid_upgrades.values()
    added = sum(up.added_cap_mw for up in upgrades if inst.sites[up.site].grid_region == g)
    return max(inst.grid_regions[g].cap_mw.values()) + added


def _most_it_mw(inst: "Instance", s: str, t: str) -> float:
    """Most IT power in service that a connection carries [IT MW]."""
    return inst.most_grid_mw(s, t) / min(inst.sites[s].pue.values())


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
