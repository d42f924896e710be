"""Frontiers: the least of one measure for each amount of another, from extreme to extreme."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path
from typing import Literal

import pandas as pd

from models.instance import Instance
from models.objectives import COST, UNITS
from optimizer import highs, whole
from optimizer.goals import HELD
from optimizer.options import Options, resolve
from optimizer.own import compile_with, own_families
from optimizer.plan.goals import measures
from optimizer.plan.plan import Plan
from optimizer.plan.store import write_plan, write_table
from optimizer.search import News
from optimizer.solve import Tools, solve_with
from optimizer.starts import decisions_of

MEASURES = (COST, "carbon", "energy", "water", "shortfall")
"""What can be weighed against each other."""

PARTS = ("frontier.csv", "frontier.parquet", "points", "report.html")
"""What makes up a frontier's folder."""

COLUMNS = {name: f"{name}_{UNITS[name].lower()}" for name in MEASURES}
"""The column of each measure."""


@dataclass(frozen=True)
class Frontier:
    """Checked plans between the least of one measure and the least of another.

    Attributes:
        over: the two measures; the second is what is limited.
        points: the plans, from the least of the first measure to the least of the second; of a
            point without a plan, what is known instead.
        table: one row for each point (docs/plan-format.md).
    """

    over: tuple[str, str]
    points: tuple[Plan, ...]
    table: pd.DataFrame

    def save(self, folder: str | Path) -> Path:
        """Write the table and the plans, whole or not at all; return the folder.

        Raises PlanError if the folder holds something else, or cannot be written.
        """
        return whole.write_folder(Path(folder), "frontier", PARTS, self._fill)

    def _fill(self, folder: Path) -> None:
        (folder / "points").mkdir()
        for name, plan in zip(self.table["point"], self.points, strict=True):
            write_plan(plan, folder / "points" / name)
        write_table(self.table, folder, "frontier")


def check_target(folder: Path) -> None:
    """Raise PlanError if a frontier must not be written there: it holds something else."""
    whole.check_target(folder, PARTS[0], "frontier")


def read_over(text: str) -> tuple[str, str]:
    """Two measures from 'carbon' (against cost) or 'cost,carbon'. Raises ValueError for others."""
    names = [part.strip() for part in text.split(",")]
    first, second = names if len(names) == 2 else (COST, *names) if len(names) == 1 else ("", "")
    if first not in MEASURES or second not in MEASURES or first == second:
        known = ", ".join(MEASURES)
        raise ValueError(f"a frontier takes one or two different measures of {known}; not '{text}'")
    return first, second


def frontier(
    inst: Instance,
    over: str | Sequence[str],
    points: int = 8,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    on_progress: Callable[[News], None] | None = None,
    families: Sequence[object] = (),
) -> Frontier:
    """Return plans from the least of one measure to the least of another.

    Each end is the best for one measure and, of those, for the other. In between the second measure
    is limited in equal steps, and of the plans with the least of the first one with the least of
    the second is taken; at equal both, the cheapest. Every plan starts from the one before.

    Args:
        inst: the instance; its own objective does not count.
        over: a measure against cost, or two (formulation §7).
        points: how many, at least 2.
        gap: relative gap at which a goal of a plan is good enough [ratio].
        time_limit: longest time for each point [s].
        threads: cores to use.
        seed: seed of random choices.
        on_progress: is told of each stage.
        families: own constraint families beside ours (docs/own-family.md).

    Raises ValueError for measures that there are not and for fewer points than two; else as
    `solve`.
    """
    pair = read_over(over if isinstance(over, str) else ",".join(over))
    if isinstance(points, bool) or not isinstance(points, int) or not 2 <= points <= 100:
        raise ValueError(f"a frontier takes 2 to 100 points, but {points} were asked")
    if inst.scenarios:
        raise ValueError("a frontier is of one future, but the instance has scenarios")
    own = own_families(families)
    options = resolve(inst, gap, time_limit, threads, seed)
    if inst.objective != "cost":
        inst = inst.with_changes({"objective": "cost"})
    with highs.Crew() as crew:
        compiled = compile_with(own, inst)
        tools = Tools(crew, lambda _: compiled, own)
        found = list(_points(tools, inst, pair, points, options, on_progress))
    return Frontier(pair, tuple(plan for plan, _ in found), _table(inst, pair, found))


def _points(
    tools: Tools,
    inst: Instance,
    pair: tuple[str, str],
    count: int,
    options: Options,
    on_progress: Callable[[News], None] | None,
) -> Iterator[tuple[Plan, float]]:
    """Plans with what the second measure was limited to (NaN: not), in the order of the table."""
    first, second = pair

    def plan(goals: tuple[str, ...], most: float, before: Plan | None) -> Plan:
        return solve_with(
            tools,
            inst,
            options,
            starts=[] if before is None else [decisions_of(before)],
            on_progress=on_progress,
            goals=tuple(dict.fromkeys((*goals, COST))),
            most=None if isnan(most) else {second: most},
        )

    start = plan((first, second), nan, None)
    if start.objective_musd is None or start.interrupted:
        yield start, nan
        return
    end = plan((second, first), nan, start)
    if end.objective_musd is None:
        yield from ((start, nan), (end, nan))
        return
    high, low = (_value(inst, one, second) for one in (start, end))
    between: list[tuple[Plan, float]] = []
    before = end
    # From the tightest limit on: so each plan fits the limit of the next one.
    for step in range(1, count - 1):
        if high - low <= _close(high) or before.interrupted:
            break
        most = low + (high - low) * step / (count - 1)
        one = plan((first, second), most, before)
        between.append((one, most))
        before = one if one.objective_musd is not None else before
    yield start, nan
    yield from reversed(between)
    yield end, nan


def _value(inst: Instance, plan: Plan, name: str) -> float:
    if plan.objective_musd is None:
        return nan
    if name == COST:
        return plan.objective_musd
    return measures(inst, dict(plan.tables), plan.kpis)[name]


def _close(value: float) -> float:
    """Differences up to here are what goals give way."""
    return 100 * HELD * max(1.0, abs(value))


def _table(
    inst: Instance, pair: tuple[str, str], found: Sequence[tuple[Plan, float]]
) -> pd.DataFrame:
    rows = []
    for n, (plan, most) in enumerate(found, start=1):
        bounds = {goal["name"]: goal["bound"] for goal in plan.goals}
        rows.append(
            {"point": f"{n:02d}", "status": plan.status, f"most_{COLUMNS[pair[1]]}": most}
            | {column: _value(inst, plan, name) for name, column in COLUMNS.items()}
            | {f"bound_{COLUMNS[pair[0]]}": bounds.get(pair[0])}
            | {"verified": plan.verified}
        )
    frame = pd.DataFrame(rows).astype({f"bound_{COLUMNS[pair[0]]}": float})
    values = frame[[COLUMNS[name] for name in pair]].to_numpy()
    return frame.assign(dominated=[_dominated(values.tolist(), n) for n in range(len(values))])


def _dominated(values: list[list[float]], n: int) -> bool:
    """True if another point is no worse in both, and better in one or told before."""

    def no_worse(one: list[float], other: list[float]) -> bool:
        return all(a <= b + _close(b) for a, b in zip(one, other, strict=True))

    return any(
        m != n and no_worse(values[m], values[n]) and (m < n or not no_worse(values[n], values[m]))
        for m in range(len(values))
    )


def how_it_ended(found: Frontier) -> Literal["optimal", "feasible", "infeasible", "unknown"]:
    """The worst of the points' statuses."""
    statuses = {plan.status for plan in found.points}
    return next(s for s in ("infeasible", "unknown", "feasible", "optimal") if s in statuses)
