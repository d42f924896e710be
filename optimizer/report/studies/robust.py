"""Robust decisions: which sites stand in how many cases, on the map, and what is always ordered."""

from typing import TYPE_CHECKING

from optimizer.figures import percent
from optimizer.report.charts.sites import site_map
from optimizer.report.charts.style import OTHER, PALETTE
from optimizer.report.figure import Figure, Section

if TYPE_CHECKING:
    from optimizer.report.study_contents import StudyReading

INKS = {"always": PALETTE[0], "sometimes": PALETTE[1], "never": OTHER}


def section(seen: "StudyReading") -> Section | None:
    """Sites by the share of cases in which they are open at the end; robust orders."""
    table = seen.summary.sites
    if table.empty:
        return None
    base = seen.study.base
    who = "of the sample" if set(table["group"]) == {"sample"} else "of all different cases"
    count = {v: int((table["verdict"] == v).sum()) for v in INKS}
    lead = (
        f"{count['always']} sites are open in all {int(table['cases'].iloc[0])} cases {who}, "
        f"{count['sometimes']} in some, {count['never']} in none."
    )
    rows = [
        (row["site"], INKS[row["verdict"]], row["it_mw"] if row["share"] else 0.0,
         f"{percent(row['share'])} of cases, {row['it_mw']:,.1f} MW")
        for row in table.to_dict("records")
        if row["site"] in base.sites
    ]  # fmt: skip
    chart, data = site_map(base, rows)
    note = (
        "Size: mean IT power at the end. Blue sites are open in all cases, orange in some, "
        "grey rings in none."
    )
    figures = [
        Figure("robust-sites", "Robust sites", note, table, chart, data=data),
    ]
    if not seen.summary.orders.empty:
        said = "'sure units' is what at least 90 % of the cases order."
        figures.append(Figure("robust-orders", "Ordered in at least 90 % of the cases", said,
                              seen.summary.orders))  # fmt: skip
    return Section("robust", "Robust decisions", [lead], figures=figures)
