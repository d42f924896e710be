"""Power that is said to come, by how far it has come."""

from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.figures import amount

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan


def pipeline(inst: "Instance", plan: "Plan") -> list[str]:
    """Steps of connections by status: MW said, and counted, by the last period; or nothing."""
    from models.entities.pipeline import LADDER

    steps = plan.tables.get("pipeline")
    if steps is None or steps.empty:
        return []
    last = str(list(inst.periods.values())[-1].start)
    rows = []
    for status in reversed(LADDER):
        own = steps[steps["status"] == status]
        said, counted = (own.loc[own[day] <= last, "mw"].sum() for day in ("date", "counted_from"))
        if len(own):
            rows.append((status, f"{len(own):,}", amount(float(said)), amount(float(counted))))
    heads = ("status", "steps", "MW said", "MW counted")
    return [f"Grid connections by {last}", *table(heads, rows, "lrrr")]
