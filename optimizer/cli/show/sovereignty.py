"""How sovereign the plan is: local control planes, and what is steered from abroad."""

from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.figures import number, percent

if TYPE_CHECKING:
    from optimizer.plan import Plan

NAMES = ("in_country", "in_bloc", "abroad", "thin")


def control_planes(plan: "Plan") -> list[str]:
    """The sites that raise their level, and when that is decided."""
    frame = plan.tables.get("local_control_planes")
    if frame is None or frame.empty:
        return []
    rows = [(str(s), str(t)) for s, t in frame[["site", "period"]].itertuples(index=False)]
    return ["Local control planes", *table(("site", "decided"), rows, "ll")]


def thin(plan: "Plan") -> list[str]:
    """Where demand is served, for the jurisdictions with thin sovereignty; nothing if none has."""
    frame = plan.tables.get("coverage")
    if frame is None or not (frame["thin_ttok"] > 0).any():
        return []
    amounts = ["demand_ttok", *(f"{name}_ttok" for name in NAMES)]
    sums = frame.groupby("jurisdiction", sort=False)[amounts].sum()
    rows = []
    for place, row in sums[sums["thin_ttok"] > 0].iterrows():
        shares = (percent(float(row[f"{name}_ttok"] / row["demand_ttok"])) for name in NAMES)
        rows.append((str(place), number(float(row["demand_ttok"])), *shares))
    heads = ("jurisdiction", "demand Ttok", "in-country", "in-bloc", "abroad", "thin")
    title = "Thin sovereignty: served in-country on a foreign control plane"
    return [title, *table(heads, rows, "lrrrrr")]
