"""Sovereignty: where each jurisdiction's demand is served, and what of that is thin."""

import pandas as pd

from optimizer.figures import percent
from optimizer.report.charts import bars
from optimizer.report.charts.style import OTHER, PALETTE, WARN
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

KINDS = {
    "in country": PALETTE[0],
    "in country, thin": PALETTE[1],
    "in bloc": PALETTE[2],
    "abroad": OTHER,
    "short": WARN,
}
"""Where demand is served, with a colour."""

NAMED = 5


def section(seen: Reading) -> Section | None:
    """Coverage by jurisdiction, with thin sovereignty set apart."""
    if not seen.has_plan or seen.plan.tables["coverage"].empty:
        return None
    table = _table(seen.plan.tables["coverage"])
    kpis = seen.plan.kpis
    lead = [
        f"{percent(kpis['in_country_share'])} of demand is served in its own country, "
        f"{percent(kpis['in_bloc_share'])} within its bloc and "
        f"{percent(kpis['abroad_share'])} abroad."
    ]
    thin = table[table["where"] == "in country, thin"].groupby("jurisdiction")["tokens_ttok"].sum()
    thin = thin[thin > 0].sort_values(ascending=False, kind="stable")
    if not thin.empty:
        names = ", ".join(map(str, thin.index[:NAMED]))
        more = f" and {len(thin) - NAMED} more" if len(thin) > NAMED else ""
        lead.append(
            f"Thin sovereignty: {percent(kpis['thin_share'])} of demand is served in-country but "
            f"steered from another jurisdiction: {names}{more}."
        )
    note = (
        f"Over the whole horizon; the {bars.MOST_ROWS} jurisdictions with the most demand are "
        "drawn. Thin is what is served in-country by an operator whose control plane stands abroad."
    )
    chart = bars.shares("jurisdiction", "tokens_ttok", "where", KINDS)
    figure = Figure("coverage", "Where demand is served", note, table, chart, "data_class",
                    "all data classes")  # fmt: skip
    return Section("sovereignty", "Sovereignty", lead, figures=[figure])


def _table(coverage: pd.DataFrame) -> pd.DataFrame:
    """Tokens by jurisdiction, data class and place of service."""
    names = ["demand_ttok", "in_country_ttok", "in_bloc_ttok", "abroad_ttok", "thin_ttok"]
    sums = coverage.groupby(["jurisdiction", "data_class"], sort=False)[names].sum().reset_index()
    order = sums.groupby("jurisdiction")["demand_ttok"].sum().sort_values(ascending=False)
    served = sums["in_country_ttok"] + sums["in_bloc_ttok"] + sums["abroad_ttok"]
    parts = {
        "in country": sums["in_country_ttok"] - sums["thin_ttok"],
        "in country, thin": sums["thin_ttok"],
        "in bloc": sums["in_bloc_ttok"],
        "abroad": sums["abroad_ttok"],
        "short": (sums["demand_ttok"] - served).clip(lower=0.0),
    }
    keys = sums[["jurisdiction", "data_class"]]
    asked = sums["demand_ttok"]
    frames = [
        keys.assign(where=name, tokens_ttok=amount,
                    demand_share=(amount / asked).where(asked > 0))
        for name, amount in parts.items()
    ]  # fmt: skip
    table = pd.concat(frames)
    table = table[table["tokens_ttok"] > 1e-9 * float(sums["demand_ttok"].sum())]
    place = {j: i for i, j in enumerate(order.index)}
    key = table["jurisdiction"].map(place)
    table = table.assign(place=key).sort_values(["place", "data_class"], kind="stable")
    return table.drop(columns="place").reset_index(drop=True)
