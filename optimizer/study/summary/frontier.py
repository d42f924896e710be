"""Trade-offs: the cases that no other case beats in both of two figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from models.problems import unknown_name
from optimizer.errors import PlanError
from optimizer.study.case import Case
from optimizer.study.results.figures import OBJECTIVE, figure
from optimizer.study.summary.data import Data
from optimizer.study.summary.frame import make_frame

FRONTIERS = (f"{OBJECTIVE}:served_share", f"capex_musd:{OBJECTIVE}")
"""The pairs that are weighed against each other if no others are asked for."""

COLUMNS = ("first", "second", "case", "group", "first_value", "second_value")

DIGITS = 9
"""Figures that agree to so many digits are the same."""

LEAST = 2
"""Fewer cases with the base's demand are nothing to choose from."""


@dataclass(frozen=True)
class _Axis:
    name: str
    sign: int
    """1 if lower is better, −1 if higher is."""


def frontier(data: Data, pairs: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """The frontier of each pair of figures, from the best to the worst in the first, and a note.

    A case is on the frontier if no other one is at least as good in both figures and better in
    one. Equal instances are one case. The note says which cases take part. Raises PlanError if a
    pair names no figures, or figures without a known direction.
    """
    compared, note = _choices(data)
    rows = []
    for pair in pairs:
        first, second = _axes(data, pair)
        cases = compared[[first.name, second.name, "group"]].dropna()
        for case in _best(cases, first, second):
            group, x, y = cases.loc[case, ["group", first.name, second.name]]
            values = dict(zip(COLUMNS, (first.name, second.name, case, group, x, y), strict=True))
            rows.append(values)
    return make_frame(rows, COLUMNS), note if rows else ""


def _choices(data: Data) -> tuple[pd.DataFrame, str]:
    """The cases to weigh against each other, and what to keep in mind of them.

    More or less demand is no choice of the planner: where cases change it, only those that do not
    take part, if they are at least two.
    """
    changed = {one.name for one in data.study.cases if _changes_demand(one)}
    planned = data.planned
    same = planned[~planned.index.isin(changed)].drop_duplicates("key")
    if changed and len(same) >= LEAST:
        who = f"among the {len(same)} different cases with the base's demand"
        return same, f"{who}; {_futures('prices')}"
    every = data.different
    who = "among all different cases with a plan, of which there are"
    return every, f"{who} {len(every)}; {_futures('demand or prices')}"


def _futures(what: str) -> str:
    return f"cases that differ in {what} are different futures, not choices"


def _changes_demand(case: Case) -> bool:
    """True if a case has another demand than the base; a scale of 1 is none."""
    return any(
        path.split(".")[0] == "demand" and not (path.endswith(".scale") and value == 1)
        for path, value in case.changes.items()
    )


def _best(cases: pd.DataFrame, first: _Axis, second: _Axis) -> list[str]:
    points = sorted(
        (_rounded(x) * first.sign, _rounded(y) * second.sign, place, str(case))
        for place, (case, x, y) in enumerate(
            zip(cases.index, cases[first.name], cases[second.name], strict=True)
        )
    )
    best: list[str] = []
    last: tuple[float, float] | None = None
    for x, y, _, case in points:
        if last is None or y < last[1] or (x, y) == last:
            best.append(case)
            last = x, y
    return best


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _axes(data: Data, pair: str) -> tuple[_Axis, _Axis]:
    parts = pair.split(":")
    if len(parts) != 2 or parts[0].partition("/")[0] == parts[1].partition("/")[0]:
        raise PlanError(f"--frontier: '{pair}' must name two figures, as {FRONTIERS[0]} does")
    first, second = (_axis(data, part.strip()) for part in parts)
    return first, second


def _axis(data: Data, text: str) -> _Axis:
    name, _, asked = text.partition("/")
    kinds = data.cases.dtypes.drop(["gap", "open_musd", "bound_musd"])
    known = [str(column) for column, kind in kinds.items() if kind == "float64"]
    if name not in known:
        raise PlanError(f"--frontier: {unknown_name('figure', name, known)}")
    better = asked or figure(name).better
    if better not in ("lower", "higher"):
        raise PlanError(
            f"--frontier: say whether {name} is better '{name}/lower' or '{name}/higher'"
        )
    return _Axis(name, 1 if better == "lower" else -1)
