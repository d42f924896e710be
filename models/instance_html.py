"""An instance in a notebook: what it is about, and how large it is."""

from datetime import timedelta
from textwrap import shorten
from typing import TYPE_CHECKING

from models.finance import granted
from models.html import beside, headline, page, paragraph, table

if TYPE_CHECKING:
    from models.instance import Instance

COUNTED = ("sites", "operators", "jurisdictions", "unit_types", "workloads", "regions", "streams")
"""What an instance is counted by."""

LONGEST = 300
"""A description is cut to so many characters."""


def instance_html(inst: "Instance") -> str:
    """The instance as a self-contained piece of HTML."""
    first, last = _ends(inst)
    span = f"{inst.periods[first].start} to {inst.periods[last].end - timedelta(days=1)}"
    counts = [f"{len(getattr(inst, name)):,}" for name in COUNTED]
    heads = [name.replace("_", " ") for name in COUNTED]
    return page(
        headline(inst.name, shorten(inst.description, LONGEST, placeholder=" …")),
        paragraph(
            f"{len(inst.periods)} periods, {first} to {last} ({span}){_slices(inst)}; {inst.money}"
        ),
        table("", heads, [counts], "r" * len(heads)),
        beside(
            table(
                "Grid connections [MW]", ("continent", "sites", first, last), _grid(inst), "lrrr"
            ),
            table("Demand [Mtok/s]", ("workload", first, last), _demand(inst), "lrr"),
            table("Money granted [MUSD]", ("pool", "in all"), _money(inst), "lr"),
        ),
    )


def _slices(inst: "Instance") -> str:
    """The slices of the day, if there are any."""
    return f", slices of the day: {', '.join(inst.slices)}" if inst.slices else ""


def _ends(inst: "Instance") -> tuple[str, str]:
    """The first and the last period."""
    return next(iter(inst.periods)), list(inst.periods)[-1]


def _grid(inst: "Instance") -> list[tuple[str, ...]]:
    """Sites and their energised grid connections by continent, in the first and last period."""
    by_continent: dict[str, list[str]] = {}
    for s, site in inst.sites.items():
        place = inst.jurisdictions[site.jurisdiction].continent
        by_continent.setdefault(place, []).append(s)
    groups = [*sorted(by_continent.items()), ("all", list(inst.sites))]
    rows = []
    for place, sites in groups:
        mw = [figure(sum(inst.grid_mw(s, t) for s in sites)) for t in _ends(inst)]
        rows.append((place, f"{len(sites):,}", *mw))
    return rows


def _demand(inst: "Instance") -> list[tuple[str, ...]]:
    """Expected demand by workload, in the first and last period."""
    ends = _ends(inst)
    asked = {k: dict.fromkeys(ends, 0.0) for k in inst.workloads}
    for (j, o), mtok_s in inst.demand_mtok_s.items():
        state = inst.states[o]
        if state.period in ends:
            asked[inst.streams[j].workload][state.period] += (
                mtok_s * state.share * state.probability
            )
    totals = {t: sum(one[t] for one in asked.values()) for t in ends}
    groups = [*asked.items(), ("all", totals)]
    return [(k, *(figure(mtok_s[t]) for t in ends)) for k, mtok_s in groups]


def _money(inst: "Instance") -> list[tuple[str, str]]:
    """What each pool is granted within the horizon, not discounted."""
    rows = [(p, figure(sum(granted(inst, p).values()))) for p in inst.budget.pools]
    if None in inst.pool_of.values():
        rows.append(("sites without a pool", "no limit"))
    return rows


def figure(value: float) -> str:
    """A figure with at least three digits: 0.0929, 9.29, 92.9, 929, 92,900."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
