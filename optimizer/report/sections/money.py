"""Money: the cost by term, cash against grants by pool, and debt."""

import pandas as pd

from models.prices import CAPITAL
from optimizer.figures import percent
from optimizer.report.charts import bars, lines
from optimizer.report.charts.style import INK, PALETTE, colours
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading


def section(seen: Reading) -> Section | None:
    """Cost by term; capital by period and term; capital spent against what was granted."""
    if not seen.has_plan:
        return None
    figures = [_terms(seen), *_capital(seen), *_pools(seen), *_debt(seen)]
    return Section("money", "Money", figures=figures)


def _terms(seen: Reading) -> Figure:
    costs = {term: musd for term, musd in seen.plan.costs_musd.items() if musd}
    total = sum(costs.values())
    rows = [
        (term.replace("_", " "), musd, musd / total if total else 0.0)
        for term, musd in sorted(costs.items(), key=lambda pair: -pair[1])
    ]
    frame = pd.DataFrame(rows, columns=["term", "discounted_musd", "cost_share"])
    note = (
        f"Discounted; the terms add up to the net present cost of {total:,.1f} MUSD. "
        "The value at the end of the horizon lowers it."
    )
    chart = bars.ranked("term", "discounted_musd", signed=True)
    return Figure("cost-by-term", "Cost by term", note, frame, chart, unit="MUSD")


def _capital(seen: Reading) -> list[Figure]:
    cash = seen.plan.tables["cash"]
    capital = cash[cash["term"].isin(CAPITAL)]
    sums = capital.groupby(["pool", "period", "term"], sort=False)["musd"].sum().reset_index()
    if sums.empty:
        return []
    table = sums.assign(
        pool=sums["pool"].replace("", "no pool"), term=sums["term"].str.replace("_", " ")
    )
    told = colours(table["term"])
    chart = bars.over_time("musd", "term", told, seen.periods, "descending")
    note = "In the period in which it is paid, of the base year, not discounted."
    return [
        Figure(
            "capital",
            "Capital paid",
            note,
            table,
            chart,
            "pool",
            "all pools",
            unit="MUSD per period",
        )
    ]


def _pools(seen: Reading) -> list[Figure]:
    limits = seen.plan.tables["limits"]
    rows = limits[limits["limit"] == "budget"]
    if rows.empty:
        return []
    pools = seen.inst.budget.pools
    kept = [p for p, pool in pools.items() if pool.carry_over]
    frames = [
        rows.assign(line=line, musd=rows[column])[["at", "period", "line", "musd"]]
        for line, column in (("spent", "use"), ("granted", "allowed"))
    ]
    table = pd.concat(frames).rename(columns={"at": "pool"})
    place = {t: i for i, t in enumerate(seen.periods)}
    table = table.sort_values(["pool", "line", "period"], kind="stable",
                              key=lambda c: c.map(place) if c.name == "period" else c)  # fmt: skip
    told = {"granted": INK, "spent": PALETTE[0]}
    chart = lines.over_time("musd", "line", told, seen.periods, step=True)
    summed = "Summed up from the start where a pool carries over what it does not spend"
    note = f"{summed}: {', '.join(kept) or 'none does'}. What a pool may borrow counts as granted."
    return [Figure("pools", "Capital spent against grants", note, table.reset_index(drop=True),
                   chart, "pool", "", unit="MUSD")]  # fmt: skip


def _debt(seen: Reading) -> list[Figure]:
    debt = seen.plan.tables["debt"]
    if debt.empty:
        return []
    chart = bars.over_time("debt_musd", "pool", colours(debt["pool"]), seen.periods)
    paid = seen.plan.costs_musd.get("interest", 0.0)
    total = seen.plan.objective_musd or 1.0
    note = f"Interest is {percent(paid / total)} of the net present cost."
    return [Figure("debt", "Debt of the pools", note, debt, chart, unit="MUSD")]
