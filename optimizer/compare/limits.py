"""Which limits changed from slack to binding, and back."""

from collections.abc import Mapping
from math import nan
from typing import Any

import pandas as pd

from optimizer.plan.frame import make_frame

KEYS = ("limit", "at", "period")
AMOUNTS = ("use", "allowed", "slack")

NEGLIGIBLE = 0.005
"""Part of the allowed amount by which use and allowed may differ and be practically the same."""

BINDS, SLACK, NEW, GONE = "binds now", "no longer binds", "new", "gone"
"""What can happen to a limit."""


def limit_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The rows of two `limits` tables that tell a difference.

    Columns: limit, at, period, change (binds now, no longer binds, new, gone), unit, use_before,
    allowed_before, slack_before, use_after, allowed_after, slack_after, binds_before, binds_after.
    A limit is new or gone if the other plan has it in no period at all. One whose use and allowed
    amount are practically the same in both is left out: it tells no difference of the plans.
    """
    one, other = _rows(before), _rows(after)
    known_before, known_after = {key[:2] for key in one}, {key[:2] for key in other}
    place = {at: i for i, at in enumerate(dict.fromkeys(key[:2] for key in (*one, *other)))}
    keys = sorted(dict.fromkeys((*one, *other)), key=lambda key: place[key[:2]])
    found = []
    for key in keys:
        a, b = one.get(key, NOTHING), other.get(key, NOTHING)
        change = SLACK if a["binds"] else BINDS
        if key[:2] not in known_before:
            change = NEW
        elif key[:2] not in known_after:
            change = GONE
        elif a["binds"] == b["binds"] or _alike(a, b):
            continue
        amounts = [side[name] for side in (a, b) for name in AMOUNTS]
        found.append((*key, change, a["unit"] or b["unit"], *amounts, a["binds"], b["binds"]))
    amount_names = [f"{name}_{side}" for side in ("before", "after") for name in AMOUNTS]
    frame = make_frame((row[:-2] for row in found), [*KEYS, "change", "unit"], amount_names)
    return frame.assign(
        binds_before=pd.Series([row[-2] for row in found], dtype="bool"),
        binds_after=pd.Series([row[-1] for row in found], dtype="bool"),
    )


NOTHING = {"use": nan, "allowed": nan, "slack": nan, "unit": "", "binds": False}
"""What is known of a limit in a plan that does not have it."""


def _alike(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """True if use and allowed amount differ by no more than a negligible part of the latter."""
    little = NEGLIGIBLE * max(abs(a["allowed"]), abs(b["allowed"]))
    return all(abs(a[name] - b[name]) <= little for name in ("use", "allowed"))


def _rows(table: pd.DataFrame) -> dict[tuple[str, ...], dict[str, Any]]:
    return {
        tuple(str(row[name]) for name in KEYS): {str(k): v for k, v in row.items()}
        for row in table.to_dict("records")
    }
