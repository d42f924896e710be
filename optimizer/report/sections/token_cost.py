"""What a token costs, by continent and by region, over time."""

import pandas as pd

from optimizer.report.charts import lines
from optimizer.report.charts.style import INK, colours
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

ALL = "all"


def section(seen: Reading) -> Section | None:
    """Cost per million tokens."""
    if not seen.has_plan or seen.plan.tables["cost_per_mtok"].empty:
        return None
    told = seen.plan.tables["cost_per_mtok"]
    places = told.assign(continent=told["region"].map(seen.continents))
    named = _cost(seen, places.dropna(subset="continent"), ["continent"])
    table = pd.concat([_cost(seen, places.assign(continent=ALL), ["continent"]), named])
    inks = {ALL: INK, **seen.continent_colours}
    regions = told[told["region"] != ""].reset_index(drop=True)
    note = "Discounted, all costs but shortfall, over the tokens served in the period."
    own = (
        "Sites share their cost among the tokens they make; what idle sites cost stands under "
        "'all' only."
    )
    return Section(
        "token-cost",
        "Token cost",
        [own],
        figures=[
            Figure("token-cost", "Cost of a million tokens, by continent", note,
                   table.reset_index(drop=True),
                   lines.over_time("usd_per_mtok", "continent", inks, seen.periods),
                   unit="USD per Mtok"),
            Figure("token-cost-by-region", "Cost of a million tokens in a region, by workload",
                   note, regions,
                   lines.over_time("usd_per_mtok", "workload",
                                   colours(seen.inst.workloads), seen.periods), "region", "",
                   unit="USD per Mtok"),
        ],
    )  # fmt: skip


def _cost(seen: Reading, rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Σ musd / Σ mtok by the keys and period."""
    sums = rows.groupby([*keys, "period"])[["mtok", "musd"]].sum()
    order = [(k, t) for k in sums.index.unique(0) for t in seen.periods if (k, t) in sums.index]
    sums = sums.loc[order].reset_index()
    price = (sums["musd"] / sums["mtok"] * 1e6).where(sums["mtok"] > 0)
    return sums.assign(usd_per_mtok=price)
