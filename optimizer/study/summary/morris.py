"""The screening: elementary effects of each lever, by Morris's method as SALib has it."""

import math
from collections import Counter

import numpy as np
import pandas as pd

from optimizer.study.case import Case, Lever
from optimizer.study.summary.data import FIGURES, LACKS, Data
from optimizer.study.summary.frame import make_frame

COLUMNS = (
    "lever",
    "low",
    "high",
    "trajectories",
    *(f"{figure}_{part}" for figure in FIGURES for part in ("mu_star", "mu", "sigma")),
    "open_musd",
    "within_gap",
)

REASONS = {
    "waiting": "a case that is not solved yet",
    "failed": "a case that failed",
    "": "a case without a plan",
}
"""Why a trajectory is left out."""


def morris(data: Data) -> tuple[pd.DataFrame, list[str]]:
    """Mean absolute effect μ*, mean effect μ and spread σ of each lever, and notes.

    An effect is the change of the figure over the whole range of the lever. The lever with the
    largest μ* in cost comes first. Trajectories with a case that has no plan have no part.
    """
    nothing = make_frame((), COLUMNS)
    levers = data.study.levers.get("morris", ())
    cases = data.of_group("morris")
    if not levers or not cases:
        return nothing, []
    try:
        from SALib.analyze import morris as salib
    except ImportError:
        told = "the screening needs SALib: pip install 'buildplan[screening]'"
        return nothing, [told]
    walks = [cases[i : i + len(levers) + 1] for i in range(0, len(cases), len(levers) + 1)]
    if not all(_is_walk(walk, levers) for walk in walks):
        return nothing, ["the cases of the screening do not form trajectories"]
    kept = [walk for walk in walks if all(_has_plan(data, one) for one in walk)]
    notes = _left_out(data, walks)
    if len(kept) < 2:
        return nothing, [*notes, "screening: fewer than 2 trajectories are complete"]
    chosen = [one for walk in kept for one in walk]
    names = [lever.name for lever in levers]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points = np.array([_point(one, levers) for one in chosen])
    frame = make_frame(
        ({"lever": one.name, "low": one.low, "high": one.high} for one in levers), COLUMNS[:3]
    )
    frame["trajectories"] = len(kept)
    table = data.cases.loc[[one.name for one in chosen]]
    for figure in FIGURES:
        y = table[figure].to_numpy(float)
        effects = salib.analyze(problem, points, y, num_levels=data.study.levels, seed=0)
        for part in ("mu_star", "mu", "sigma"):
            frame[f"{figure}_{part}"] = np.asarray(effects[part], dtype=float)
    step = data.study.levels / (2.0 * (data.study.levels - 1))
    frame["open_musd"] = float(table["open_musd"].mean()) / step
    frame["within_gap"] = frame[f"{FIGURES[0]}_mu_star"] <= frame["open_musd"]
    ranked = frame.sort_values(f"{FIGURES[0]}_mu_star", ascending=False, kind="stable")
    return ranked.reset_index(drop=True), notes


def _point(case: Case, levers: tuple[Lever, ...]) -> list[float]:
    """The settings of a case between 0 at the low end of each lever and 1 at the high end."""
    return [_fraction(case.levers.get(lever.name), lever) for lever in levers]


def _fraction(level: float | str | None, lever: Lever) -> float:
    if isinstance(level, str) or isinstance(lever.low, str) or isinstance(lever.high, str):
        return {lever.low: 0.0, lever.high: 1.0}.get(str(level), math.nan)
    return math.nan if level is None else (level - lever.low) / (lever.high - lever.low)


def _is_walk(walk: list[Case], levers: tuple[Lever, ...]) -> bool:
    """True if each case differs from the next in one lever, and each lever changes once."""
    points = np.array([_point(one, levers) for one in walk])
    changed = (np.diff(points, axis=0) != 0).astype(int)
    square = len(walk) == len(levers) + 1 and not np.isnan(points).any()
    return bool(square and (changed.sum(axis=0) == 1).all() and (changed.sum(axis=1) == 1).all())


def _left_out(data: Data, walks: list[list[Case]]) -> list[str]:
    """A note on the trajectories that have no part, with the first reason that holds of each."""
    lost = Counter[str]()
    for walk in walks:
        lacking = [data.status(one.name) for one in walk if not _has_plan(data, one)]
        if lacking:
            lost[next((one for one in LACKS if one in lacking), "")] += 1
    if not lost:
        return []
    told = "; ".join(f"{lost[one]} with {words}" for one, words in REASONS.items() if lost[one])
    return [f"screening: {lost.total()} of {len(walks)} trajectories are left out: {told}"]


def _has_plan(data: Data, case: Case) -> bool:
    return not math.isnan(data.figure(case.name, FIGURES[0]))
