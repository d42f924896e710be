"""A plan in a notebook: what it costs and builds first, and what binds; or why there is none."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from models.html import beside, bullets, headline, page, table
from models.prices import CAPITAL
from optimizer.figures import amount, money, number, percent
from optimizer.plan.violations import in_words
from optimizer.plan.words import how_good, promise, total_of

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.plan.plan import Plan

FIRST_PERIODS = 2
MOST_ORDERS = 15
MOST_PLACES = 3
MOST_VIOLATIONS = 5

KPIS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("units_ordered", "units ordered", lambda value: f"{value:,.0f}"),
    ("sites_open", "sites open", lambda value: f"{value:,.0f}"),
    ("it_mw_end", "IT MW at the end", number),
    ("grid_mw_end", "grid MW at the end", number),
    ("capex_musd", "capital MUSD", number),
    ("served_share", "served", percent),
    ("demand_ttok", "demand Ttok", number),
    ("cost_per_mtok_usd", "USD per Mtok", number),
    ("tokens_per_mwh_mtok", "Mtok per MWh", number),
)
"""Key figures of the row below the headline: name, words, and how they are written."""


def plan_html(plan: "Plan") -> str:
    """The plan as a self-contained piece of HTML."""
    if plan.objective_musd is None:
        return page(headline(plan.name, _why_not(plan)), bullets(plan.reasons))
    checked = "checked by the independent checker" if plan.verified else "REFUSED by the checker"
    cost = f"{money(plan.objective_musd)}, {total_of(plan)}; {how_good(plan)}; {checked}"
    kpis = [(words, told(plan.kpis[name])) for name, words, told in KPIS if name in plan.kpis]
    return page(
        headline(plan.name, cost),
        bullets(
            [
                *plan.violations[:MOST_VIOLATIONS],
                *filter(None, [promise(plan)]),
                *in_words(plan)[:MOST_VIOLATIONS],
            ]
        ),
        table("", [head for head, _ in kpis], [[text for _, text in kpis]], "r" * len(kpis)),
        beside(_costs(plan), *_further(plan)),
    )


def _further(plan: "Plan") -> Iterator[str]:
    """The scenarios, if there are any; else what has to be ordered first, and limits that bind."""
    if plan.by_scenario:
        yield _scenarios(plan)
        yield _no_regret(plan)
    elif plan.tables:
        yield from _details(plan)


def _scenarios(plan: "Plan") -> str:
    """What each scenario costs, and would cost if it were known from the start."""
    rows = [
        (w, percent(p), revealed, amount(cost), amount(best), amount(regret))
        for w, p, revealed, cost, best, _, regret in plan.tables["scenarios"].itertuples(
            index=False, name=None
        )
    ]
    heads = ("scenario", "probability", "revealed", "MUSD", "known from the start", "regret")
    return table("Scenarios", heads, rows, "lrlrrr")


def _no_regret(plan: "Plan") -> str:
    """What is ordered in every scenario."""
    orders = plan.tables["no_regret"]
    rows = [
        (t, s, kind.replace("_", " "), u or g or n, f"{units:,}" if units else f"{amount(mw)} MW")
        for kind, s, u, g, n, t, units, mw in orders.itertuples(index=False, name=None)
    ]
    shown = rows[:MOST_ORDERS] or [("", "", "", "nothing", "")]
    if (more := len(rows) - MOST_ORDERS) > 0:
        shown.append(("", "", "", f"and {more} more", ""))
    heads = ("period", "site", "kind", "what", "number")
    return table("Ordered in every scenario", heads, shown, "llllr")


def _why_not(plan: "Plan") -> str:
    if plan.status == "infeasible":
        return "infeasible: no plan satisfies all limits of the instance"
    floor = "" if plan.bound_musd is None else f"; no plan costs less than {money(plan.bound_musd)}"
    return f"no plan was found, and none was excluded{floor}"


def _costs(plan: "Plan") -> str:
    """The terms of the objective that are not 0; they add up."""
    total = sum(plan.costs_musd.values())
    rows = [
        (term.replace("_", " "), amount(musd), percent(musd / total) if total else "")
        for term, musd in plan.costs_musd.items()
        if musd
    ]
    rows.append(("net present cost", amount(total), ""))
    return table("Cost by term, discounted", ("term", "MUSD", "share"), rows, "lrr")


def _details(plan: "Plan") -> Iterator[str]:
    """What has to be ordered first, and which limits bind."""
    limits, cash = plan.tables["limits"], plan.tables["cash"]
    due = [str(t) for t in dict.fromkeys(limits["period"]) if t][:FIRST_PERIODS]
    spent = cash[cash["period"].isin(due) & cash["term"].isin(CAPITAL)]["musd"].sum()
    title = f"First orders: {' and '.join(due)}, {money(float(spent))}"
    rows = [row for t in due for row in _due(plan, t)]
    shown = rows[:MOST_ORDERS] or [("", "", "nothing", "")]
    if (more := len(rows) - MOST_ORDERS) > 0:
        shown.append(("", "", f"and {more} more", ""))
    yield table(title, ("period", "site", "what", "amount"), shown, "lllr")
    yield table("Limits that bind", ("limit", "rows", "most often"), _binding(limits), "lrl")


def _due(plan: "Plan", t: str) -> Iterator[tuple[str, str, str, str]]:
    """What is ordered in a period, not retired: period, site, what, how many."""
    openings, halls, orders = (plan.tables[name] for name in ("openings", "halls", "orders"))
    for s in openings.loc[openings["period"] == t, "site"]:
        yield t, str(s), "open the site", ""
    built = halls[(halls["period"] == t) & (halls["blocks"] > 0)]
    for s, mw in built[["site", "ordered_mw"]].itertuples(index=False):
        yield t, str(s), "halls", f"{amount(mw)} MW"
    upgrades = plan.tables["grid_upgrades"]
    bought = upgrades.loc[upgrades["period"] == t, ["site", "upgrade", "added_mw"]]
    for s, g, mw in bought.itertuples(index=False):
        yield t, str(s), f"grid upgrade {g}", f"{amount(mw)} MW"
    networks = plan.tables["network_options"]
    chosen = networks.loc[networks["period"] == t, ["site", "option"]]
    for s, n in chosen.itertuples(index=False):
        yield t, str(s), f"network {n}", ""
    turned = plan.tables["conversions"]
    turned = turned[(turned["period"] == t) & (turned["ordered_mw"] > 0)]
    for s, mw in turned[["site", "ordered_mw"]].itertuples(index=False):
        yield t, str(s), "mining converted", f"{amount(mw)} MW"
    ordered = orders[orders["period"] == t]
    for s, u, units in ordered[["site", "unit_type", "units"]].itertuples(index=False):
        yield t, str(s), str(u), f"{units:,}"


def _binding(limits: "pd.DataFrame") -> Iterator[tuple[str, str, str]]:
    """For each kind of limit that binds: how many of its rows do, and where most."""
    for name, rows in limits.groupby("limit", sort=False):
        bound = rows[rows["binds"].astype(bool)]
        if not bound.empty:
            places = {
                str(at): list(group["period"]) for at, group in bound.groupby("at", sort=False)
            }
            most = sorted(places, key=lambda at: -len(places[at]))
            named = [f"{at} {_when(places[at])}" for at in most[:MOST_PLACES]]
            named += [f"and {len(most) - MOST_PLACES} more"] if len(most) > MOST_PLACES else []
            count = f"{len(bound):,} of {len(rows):,}"
            yield str(name).replace("_", " "), count, ", ".join(named)


def _when(periods: list[str]) -> str:
    """Periods in few words: (2027Q1), (5 periods from 2027Q1); none is the whole horizon."""
    if len(periods) == 1:
        return f"({periods[0] or 'whole horizon'})"
    return f"({len(periods)} periods from {periods[0]})"
