"""Limits recomputed: a row for each place and period."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats, Ints
from optimizer.verify.plan import Plan
from optimizer.verify.specs import LIMITS


def limit_part(
    limit: str,
    at: Ints,
    use_and_allowed: tuple[Floats, Floats],
    step: Floats,
    unit: str | list[str] = "MW",
) -> pd.DataFrame:
    """Rows for each place and period where the limit is finite; `step` by place (and period)."""
    use, allowed = use_and_allowed
    steps = np.broadcast_to(step if step.ndim == 2 else step[:, None], use.shape)
    places, period = np.broadcast_arrays(at[:, None], np.arange(use.shape[1]))
    units = np.broadcast_to(np.array(unit, dtype=object), len(at))
    told_when_empty = limit not in {"site_power", "halls", "demand"}
    told = np.isfinite(allowed)
    return pd.DataFrame(
        {
            "limit": LIMITS.index(limit),
            "at": places[told],
            "period": period[told],
            "use": use[told],
            "allowed": allowed[told],
            "slack": (allowed - use)[told],
            "step": steps[told],
            "unit": np.broadcast_to(units[:, None], use.shape)[told],
            "required": told_when_empty | (use > 0)[told] | (allowed > 0)[told],
        }
    )


def places_at(plan: Plan, places: Iterable[str]) -> Ints:
    """Positions of names in the column `at`."""
    return np.array([plan.names["at"].index(place) for place in places], dtype=np.int64)
