"""The tornado: each lever at its two ends, the one with the largest swing first."""

import json
import math

import pandas as pd

from optimizer.study.case import Case, Lever
from optimizer.study.results.figures import OBJECTIVE
from optimizer.study.summary.data import FIGURES, Data, label
from optimizer.study.summary.frame import make_frame

COLUMNS = (
    "lever",
    "low",
    "high",
    "low_status",
    "base_status",
    "high_status",
    "low_changes",
    "high_changes",
    *(f"{figure}_{part}" for figure in FIGURES for part in ("low", "base", "high", "swing")),
    "open_musd",
    "within_gap",
)


def tornado(data: Data) -> pd.DataFrame:
    """Cost and cost per Mtok at both ends of each lever and in the base, ranked by swing in cost.

    The swing spans both ends and the base, where it is known; it is missing where an end has no
    plan. `open_musd` is the largest difference between cost and bound among them. `low_changes` and
    `high_changes` say what a setting that is a label changes.
    """
    rows = [_row(data, lever) for lever in data.study.levers.get("tornado", ())]
    frame = make_frame(rows, COLUMNS)
    order = frame[f"{FIGURES[0]}_swing"].astype(float).sort_values(ascending=False, kind="stable")
    return frame.loc[order.index].reset_index(drop=True)


def _row(data: Data, lever: Lever) -> dict[str, object]:
    bases = [one.name for one in data.of_group("base")]
    ends = {
        "low" if one.levers[lever.name] == lever.low else "high": one.name
        for one in data.of_group("tornado")
        if lever.name in one.levers
    }
    places = ends | ({"base": bases[0]} if bases else {})
    planned = [case for case in places.values() if not math.isnan(data.figure(case, FIGURES[0]))]
    gap = max((data.figure(case, "open_musd") for case in planned), default=math.nan)
    row: dict[str, object] = {
        "lever": lever.name,
        "low": label(lever.low),
        "high": label(lever.high),
        "open_musd": gap,
    }
    for place in ("low", "base", "high"):
        row[f"{place}_status"] = data.status(places[place]) if place in places else ""
    cases = {one.name: one for one in data.of_group("tornado")}
    for end in ("low", "high"):
        row[f"{end}_changes"] = _changes(cases[ends[end]], lever.name) if end in ends else ""
    for figure in FIGURES:
        told = {place: data.figure(case, figure) for place, case in places.items()}
        for place in ("low", "base", "high"):
            row[f"{figure}_{place}"] = told.get(place, math.nan)
        known = [value for value in told.values() if not math.isnan(value)]
        complete = all(not math.isnan(told.get(end, math.nan)) for end in ("low", "high"))
        swing = max(known) - min(known) if complete else math.nan
        row[f"{figure}_swing"] = swing
        if figure == OBJECTIVE:
            row["within_gap"] = swing <= gap
    return row


def _changes(case: Case, lever: str) -> str:
    """What a case changes, if the setting of its lever does not say it."""
    setting = case.levers[lever]
    if not isinstance(setting, str) or dict(case.changes) == {lever: setting}:
        return ""
    told = (
        f"{path} = {json.dumps(value, ensure_ascii=False)}" for path, value in case.changes.items()
    )
    return ", ".join(told).replace('"', "") or "as in the base"
