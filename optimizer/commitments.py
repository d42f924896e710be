"""From an earlier plan to commitments of the next one."""

from datetime import date
from typing import Any

from models.calendar import parse_day
from optimizer.plan.plan import Plan


def commitments_from(
    plan: Plan, until: str | date, frozen_until: str | date | None = None
) -> dict[str, Any]:
    """Changes for `with_changes` that commit an instance to the first decisions of a plan.

    Everything that the plan opens and orders in periods that start before `until` is committed;
    in periods that start before `frozen_until` (default: `until`) nothing else can be decided.
    Raises ValueError for what is no date.
    """
    last = parse_day(until)
    frozen = last if frozen_until is None else parse_day(frozen_until)

    def first(table: str, amount: str, *columns: str) -> list[dict[str, Any]]:
        frame = plan.tables[table]
        rows = frame.loc[frame[amount] > 0, list(columns)].to_dict("records")
        return [
            {str(name): value for name, value in row.items()}
            for row in rows
            if parse_day(row["period"]) < last
        ]

    return {
        "commitments.frozen_until": frozen.isoformat(),
        "commitments.openings": first("openings", "opened", "site", "period"),
        "commitments.halls": first("halls", "blocks", "site", "period", "blocks"),
        "commitments.orders": first("orders", "units", "site", "unit_type", "period", "units"),
        "commitments.upgrades": first("grid_upgrades", "ordered", "upgrade", "period"),
    }
