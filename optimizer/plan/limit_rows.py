"""Rows of the table of limits: use, what is allowed, what is left, and whether it binds."""

from collections.abc import Iterator, Mapping

import pandas as pd

from optimizer.plan.frame import make_frame

TOLERANCE = 1e-6


Row = tuple[str, str, str, float, float, float, str, bool]


def limits_frame(rows: list[Row]) -> pd.DataFrame:
    """Limits as a table."""
    index = ["limit", "at", "period"]
    frame = make_frame((row[:6] for row in rows), index, ["use", "allowed", "slack"])
    return frame.assign(
        unit=pd.Series([row[6] for row in rows], dtype="str"),
        binds=pd.Series([row[7] for row in rows], dtype="bool"),
    )


def limit_row(
    limit: str, at: str, t: str, use: float, allowed: float, unit: str, step: float = 0.0
) -> Row:
    """One limit; it binds if nothing is left, or less than the smallest step that could use it."""
    slack = allowed - use
    tight = slack < TOLERANCE * max(1.0, allowed)
    binds = tight or (use > TOLERANCE and slack < step - TOLERANCE * max(1.0, allowed))
    return limit, at, t, use, allowed, slack, unit, binds and use > TOLERANCE


Steps = dict[tuple[str, str], float]
"""The smallest step that could use more of a limit, by place and period; absent: none could."""


def over_time(
    limit: str,
    at: str,
    use: dict[str, float],
    allowed: dict[str, float],
    unit: str,
    carry_over: bool,
    step: Mapping[str, float],
) -> Iterator[Row]:
    """Rows of a limit per period, or of its sums up to each period with carry-over."""
    used = granted_so_far = 0.0
    for t, amount in use.items():
        used = amount + (used if carry_over else 0.0)
        granted_so_far = allowed[t] + (granted_so_far if carry_over else 0.0)
        yield limit_row(limit, at, t, used, granted_so_far, unit, step.get(t, 0.0))
