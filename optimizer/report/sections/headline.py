"""What to do first: what has to be ordered now, what it costs, how sure that is, what binds."""

import pandas as pd

from models.prices import CAPITAL
from optimizer.figures import gap, money, number, percent
from optimizer.plan.due import due
from optimizer.plan.words import how_good, promise
from optimizer.report.figure import Fact, Figure, Section
from optimizer.report.reading import Reading
from optimizer.report.words import counted

FIRST = 2
"""Periods whose orders are due first."""

MOST_BINDING = 6


def section(seen: Reading) -> Section:
    """The headline of a plan, or why there is none."""
    if not seen.has_plan:
        return _nothing(seen)
    plan, first = seen.plan, seen.periods[:FIRST]
    cash = plan.tables["cash"]
    spent = cash.loc[cash["period"].isin(first) & cash["term"].isin(CAPITAL), "musd"].sum()
    orders = _orders(seen, first)
    when = " and ".join(first)
    lead = [_first_words(orders, when), _goodness(seen)]
    binding = _binding(plan.tables["limits"])
    figures = []
    if not orders.empty:
        note = "Prices are list prices at the site; largest first."
        figures.append(Figure("first-orders", f"To be ordered in {when}", note, orders))
    if not binding.empty:
        figures.append(
            Figure(
                "binding",
                "What binds",
                "Kinds of limits that bind, and where most often; 'Limits' below has all of them.",
                binding,
            )
        )
    return Section("headline", "What to do first", [*lead, *filter(None, [promise(plan)])],
                   _facts(seen, when, float(spent)), figures)  # fmt: skip


def _nothing(seen: Reading) -> Section:
    plan = seen.plan
    said = {
        "infeasible": "No plan satisfies all limits of the instance.",
        "unknown": "No plan was found, and none was excluded.",
    }.get(plan.status, "There is no plan.")
    return Section("headline", "No plan", [said, *plan.reasons, *plan.violations])


def _facts(seen: Reading, when: str, spent: float) -> list[Fact]:
    plan, kpis = seen.plan, seen.plan.kpis
    assert plan.objective_musd is not None
    whole = seen.whole or plan
    connected = f"{number(kpis['grid_mw_end'])} MW connected"
    proven = "not known" if whole.gap is None else gap(whole.gap)
    return [
        Fact("capital due first", money(spent), when),
        Fact("net present cost", money(plan.objective_musd), seen.inst.money),
        Fact("gap proven", proven, "no plan is cheaper by more"),
        Fact("demand served", percent(kpis["served_share"]),
             f"of {number(kpis['demand_ttok'])} Ttok"),
        Fact("cost of a million tokens", f"{number(kpis['cost_per_mtok_usd'])} USD",
             "with shortfall"),
        Fact("IT power at the end", f"{number(kpis['it_mw_end'])} MW",
             f"at {counted(kpis['sites_open'], 'site')}, {connected}"),
    ]  # fmt: skip


def _first_words(orders: pd.DataFrame, when: str) -> str:
    if orders.empty:
        return f"Nothing has to be ordered in {when}."
    most = orders.iloc[0]
    rest = f", of which the largest is {most['what']} at {most['site']}"
    total = money(float(orders["price_musd"].sum()))
    count = (
        f"{len(orders)} decisions, worth {total}, are"
        if len(orders) > 1
        else f"One decision, worth {total}, is"
    )
    return f"{count} due in {when}{rest if len(orders) > 1 else ''}."


def _goodness(seen: Reading) -> str:
    told = how_good(seen.whole or seen.plan)
    checked = "accepted it" if (seen.whole or seen.plan).verified else "REFUSED it"
    return f"{told[0].upper()}{told[1:]}. The independent checker {checked}."


def _orders(seen: Reading, periods: list[str]) -> pd.DataFrame:
    rows = [(t, *line) for t in periods for line in due(seen.inst, seen.plan, t)]
    frame = pd.DataFrame(rows, columns=["period", "site", "what", "amount", "price_musd"])
    return frame.sort_values("price_musd", ascending=False, kind="stable").reset_index(drop=True)


def _binding(limits: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for name, group in limits.groupby("limit", sort=False):
        bound = group[group["binds"].astype(bool)]
        if not bound.empty:
            places = bound["at"].value_counts(sort=True)
            named = ", ".join(map(str, places.index[:3]))
            more = f" and {len(places) - 3} more" if len(places) > 3 else ""
            rows.append((str(name).replace("_", " "), len(bound), len(group), named + more))
    rows.sort(key=lambda row: -row[1])
    return pd.DataFrame(
        rows[:MOST_BINDING], columns=["limit", "rows_that_bind", "of", "most_often"]
    )
