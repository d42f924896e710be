"""Which limits changed from slack to binding, and back."""

from math import nan
from typing import Any

import pandas as pd

from optimizer.plan.frame import make_frame

KEYS = ("limit", "at", "period")

BINDS, SLACK, NEW, GONE = "binds now", "no longer binds", "new", "gone"
"""What can happen to a limit."""


def limit_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The rows of two `limits` tables that tell a difference.

    Columns: limit, at, period, change (binds now, no longer binds, new, gone), unit, use_before,
    allowed_before, use_after, allowed_after, binds_before, binds_after. A limit is new or gone if
    the other plan has it in no period at all.
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
        elif a["binds"] == b["binds"]:
            continue
        amounts = (a["use"], a["allowed"], b["use"], b["allowed"])
        found.append((*key, change, a["unit"] or b["unit"], *amounts, a["binds"], b["binds"]))
    amount_names = ["use_before", "allowed_before", "use_after", "allowed_after"]
    frame = make_frame((row[:9] for row in found), [*KEYS, "change", "unit"], amount_names)
    return frame.assign(
        binds_before=pd.Series([row[9] for row in found], dtype="bool"),
        binds_after=pd.Series([row[10] for row in found], dtype="bool"),
    )


NOTHING = {"use": nan, "allowed": nan, "unit": "", "binds": False}
"""What is known of a limit in a plan that does not have it."""


def _rows(table: pd.DataFrame) -> dict[tuple[str, ...], dict[str, Any]]:
    return {
        tuple(str(row[name]) for name in KEYS): {str(k): v for k, v in row.items()}
        for row in table.to_dict("records")
    }
