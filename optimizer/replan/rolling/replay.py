"""Replaying a horizon: plan, see what becomes known, plan again; and what hindsight would cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.compare.figures import interval
from optimizer.compare.kept import fill
from optimizer.errors import PlanError
from optimizer.plan.frame import make_frame, records
from optimizer.plan.plan import Plan
from optimizer.replan.rolling.reading import Moment, Rolling, read_rolling
from optimizer.replan.standing import Bound, bound
from optimizer.search import News
from optimizer.solve import solve
from optimizer.whole import write_folder

FILE = "replay.json"
"""The file that marks the folder of a replay."""

Solve = Callable[..., Plan]


@dataclass(frozen=True)
class Replay:
    """A replayed horizon; columns: docs/replan.md.

    Attributes:
        name: of the file.
        plans: the plan of each moment, in order of time; the last one may be the knowledge that
            there is none.
        hindsight: the plan with all data known from the start.
        unmoved: the first plan, kept as it is to the end; None where that is not possible.
        unmoved_note: why it is not possible, else ''.
        steps: what each moment knows, plans and pays [MUSD].
        agreed_musd: what orders placed cost at the prices agreed, less at the last ones [MUSD].
    """

    name: str
    plans: tuple[Plan, ...]
    hindsight: Plan
    unmoved: Plan | None
    unmoved_note: str
    steps: pd.DataFrame
    agreed_musd: float

    @property
    def is_complete(self) -> bool:
        """True if there is a plan for every moment, and one in hindsight."""
        found = (*self.plans, self.hindsight)
        return len(self.plans) == len(self.steps) and all(_has_plan(one) for one in found)

    @property
    def realised_musd(self) -> float | None:
        """What the replay costs: the last plan, with orders placed at the prices agreed [MUSD]."""
        last = self.plans[-1].objective_musd
        return None if last is None or not self.is_complete else last + self.agreed_musd

    @property
    def regret_musd(self) -> tuple[float, float] | None:
        """Least and most that the replay costs more than the best plan in hindsight [MUSD]."""
        if self.realised_musd is None or self.hindsight.objective_musd is None:
            return None
        low, high = interval(self.hindsight.objective_musd, self.hindsight.bound_musd)
        return self.realised_musd - high, self.realised_musd - low

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        unmoved = None if self.unmoved is None else self.unmoved.objective_musd
        return {
            "name": self.name,
            "steps": records(self.steps),
            "realised_musd": self.realised_musd,
            "agreed_musd": self.agreed_musd,
            "hindsight_musd": self.hindsight.objective_musd,
            "hindsight_bound_musd": self.hindsight.bound_musd,
            "regret_musd": None if self.regret_musd is None else [*self.regret_musd],
            "unmoved_musd": unmoved,
            "unmoved_note": self.unmoved_note,
        }

    def in_words(self) -> str:
        """The replay as text that fits a page."""
        from optimizer.replan.rolling.words import in_words

        return in_words(self)

    def save(self, folder: str | Path) -> Path:
        """Write replay.json, steps.csv, and every plan below `plans`; return the folder.

        Raises PlanError if the folder holds something else, or cannot be written.
        """
        return write_folder(
            Path(folder), "replay", (FILE, "steps.csv", "plans", "report.html"), self._fill
        )

    def _fill(self, folder: Path) -> None:
        for n, plan in enumerate(self.plans):
            plan.save(folder / "plans" / str(n))
        self.hindsight.save(folder / "plans" / "hindsight")
        fill({"steps": self.steps}, self.as_dict(), folder, file=FILE)


def replay(
    rolling: Rolling | str | Path,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    on_progress: Callable[[News], None] | None = None,
) -> Replay:
    """Replay a horizon of revealed data, and compare with a plan that knew all from the start.

    Args:
        rolling: the data, or the path of their file (docs/replan.md).
        gap: relative gap of every plan [ratio].
        time_limit: longest search for one plan [s].
        threads: cores to use.
        seed: seed of random choices.
        on_progress: is told of better plans, bounds and stages.

    Raises InstanceError if the file is not valid, PlanError if orders placed do not fit what
    becomes known later, SolveError as `solve`.
    """
    given = rolling if isinstance(rolling, Rolling) else read_rolling(rolling)
    run = partial(solve, gap=gap, time_limit=time_limit, threads=threads, seed=seed)
    solver: Solve = partial(run, on_progress=on_progress)
    plans, bounds = _forward(given, solver)
    last = given.moments[-1].instance
    hindsight = solver(last, start=plans[-1]) if _has_plan(plans[-1]) else solver(last)
    unmoved, note = None, "the first moment has no plan"
    if _has_plan(plans[0]):
        unmoved, note = _unmoved(plans[0], given, solver)
    agreed = sum(one.agreed_musd for one in bounds)
    table = _steps(given.moments, plans, bounds)
    return Replay(given.name, tuple(plans), hindsight, unmoved, note, table, agreed)


def _forward(given: Rolling, solver: Solve) -> tuple[list[Plan], list[Bound]]:
    """The plan of each moment, bound to what those before have ordered by then."""
    first = given.moments[0].instance
    plans, bounds, before = [solver(first)], [], first
    kept: Mapping[tuple[str, str], float] = {}
    for moment in given.moments[1:]:
        if not _has_plan(plans[-1]):
            break
        prices = (given.cancel_share, given.delay_share)
        try:
            now = bound(plans[-1], before, moment.instance, moment.date, *prices, kept)
        except PlanError as error:
            raise PlanError(f"on {moment.date}: {error}") from error
        plans.append(solver(now.instance, start=plans[-1]))
        bounds.append(now)
        before, kept = moment.instance, now.kept_musd
    return plans, bounds


def _unmoved(first: Plan, given: Rolling, solver: Solve) -> tuple[Plan | None, str]:
    """The first plan kept to the end while the last data hold: only its operation adapts."""
    now = given.moments[-1].instance
    end = list(now.periods.values())[-1].end
    try:
        whole = bound(first, given.moments[0].instance, now, end).instance
    except PlanError as error:
        return None, str(error)
    plan = solver(whole, start=first)
    return (plan, "") if _has_plan(plan) else (None, "; ".join(plan.reasons))


def _has_plan(plan: Plan) -> bool:
    return plan.objective_musd is not None


def _steps(moments: tuple[Moment, ...], plans: list[Plan], bounds: list[Bound]) -> pd.DataFrame:
    """For each moment: its day and what it knows, the plan, and how much of it is placed.

    Columns: date, known, status, cost_musd (the plan's, with these data), change_musd (from the
    plan before), changes_musd (paid for cancelling and delaying), placed (orders, openings and
    upgrades placed by then [rows]).
    """
    rows: list[tuple[Any, ...]] = []
    for n, plan in enumerate(plans):
        cost = float("nan") if plan.objective_musd is None else plan.objective_musd
        change = cost - rows[-1][3] if rows else float("nan")
        paid = plan.costs_musd.get("changes", 0.0)
        placed = len(bounds[n - 1].placed) if n else 0
        day, known = moments[n].date.isoformat(), moments[n].description
        rows.append((day, known, plan.status, cost, change, paid, placed))
    for moment in moments[len(plans) :]:
        nothing = (float("nan"),) * 3
        rows.append((moment.date.isoformat(), moment.description, "not reached", *nothing, 0))
    numbers = ["cost_musd", "change_musd", "changes_musd"]
    return make_frame(rows, ["date", "known", "status"], numbers, ["placed"])
