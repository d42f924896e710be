"""Last quarter's plan and today's data: a new plan, and what explains the difference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from models.calendar import parse_day
from models.instance import Instance
from optimizer.compare import Comparison, compare
from optimizer.compare.kept import fill
from optimizer.compare.moves import moves
from optimizer.errors import PlanError
from optimizer.options import resolve
from optimizer.plan.frame import records
from optimizer.plan.plan import INTERRUPTED, Plan
from optimizer.plan.store import read_plan
from optimizer.replan.causes import (
    ALL,
    UNKNOWN,
    Without,
    causes,
    from_day,
    solve_without,
    steps,
    with_causes,
)
from optimizer.replan.changed import MOST, Input, changed_inputs
from optimizer.replan.reverting import reverted
from optimizer.replan.standing import Bound, bound
from optimizer.search import News
from optimizer.solve import solve
from optimizer.whole import write_folder

FOLDER, FILE = "replan", "replan.json"
"""The folder, inside the plan's, that explains the difference, and the file that marks it."""

TABLES = ("waterfall", "causes", "moves", "placed")
"""The tables of an explained difference."""


SEARCH = "search (gaps of the plans)"
TIME = "time that has passed"
"""The first step: the same inputs, planned again; on another horizon."""


@dataclass(frozen=True)
class Replan:
    """A new plan, and what explains the difference to the last one; columns: docs/replan.md.

    Attributes:
        before: the last plan.
        plan: the new one, or the knowledge that there is none.
        as_of: orders of periods that start before this day are placed.
        placed: the orders placed, with what was paid of each, and what is due [MUSD].
        passed_musd: what falls due in the new plan's horizon for orders of periods before it [MUSD,
            discounted]; the plan's cost does not hold it, its pools keep it.
        agreed_musd: what orders placed cost at the prices agreed, less at today's list prices
            [MUSD, discounted]; the plan's cost holds today's, its pools pay those agreed.
        inputs: what changed, each as something that can be taken back.
        causes: what the change of each input costs.
        waterfall: the steps from the last plan's cost to the new one's; they add up.
        moves: what is opened and ordered otherwise, and because of which input; without what the
            last plan did before the horizon of the new one.
        comparison: all that differs between the two plans; None without a new one.
        notes: what was not carried over, and why, in words.
    """

    before: Plan
    plan: Plan
    as_of: date
    placed: pd.DataFrame
    passed_musd: float
    agreed_musd: float
    inputs: tuple[Input, ...]
    causes: pd.DataFrame
    waterfall: pd.DataFrame
    moves: pd.DataFrame
    comparison: Comparison | None
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        tables = {name: records(getattr(self, name)) for name in TABLES}
        return {
            "as_of": self.as_of.isoformat(),
            "before_musd": self.before.objective_musd,
            "after_musd": self.plan.objective_musd,
            "passed_musd": self.passed_musd,
            "agreed_musd": self.agreed_musd,
            "notes": list(self.notes),
            **tables,
        }

    def in_words(self) -> str:
        """The explained difference as text that fits a page."""
        from optimizer.replan.words import in_words

        return in_words(self)

    def save(self, folder: str | Path) -> Path:
        """Write the plan as `Plan.save`, and the explanation into its folder `replan`.

        Raises PlanError if the folder holds something else than a plan, or cannot be written.
        """
        place = self.plan.save(folder)
        own = (FILE, *(f"{name}.csv" for name in TABLES))
        tables = {name: getattr(self, name) for name in TABLES}
        write = partial(fill, tables, self.as_dict(), file=FILE)
        write_folder(place / FOLDER, "explanation", own, write)
        return place


def replan(
    last: Plan | str | Path,
    inst: Instance,
    *,
    as_of: str | date | None = None,
    cancel_share: float | None = None,
    delay_share: float | None = None,
    inputs: int = MOST,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    on_progress: Callable[[News], None] | None = None,
    read_seconds: float = 0.0,
) -> Replan:
    """Plan again with today's instance, bound to the orders that the last plan has placed.

    Args:
        last: the last plan, or its folder.
        inst: today's instance.
        as_of: the orders of periods that start before this day are placed, and nothing else can be
            decided in them; None: the instance's `commitments.frozen_until`, or the start of its
            horizon where that is later than the last plan's.
        cancel_share: what it costs to give up a later order of the last plan, relative to its price
            [ratio]; None: as the instance says. Without both shares later orders are free.
        delay_share: what it costs to order it later instead [ratio].
        inputs: so many changed inputs are told apart at most.
        gap: relative gap of every plan [ratio].
        time_limit: longest search for one plan [s].
        threads: cores for the new plan.
        seed: seed of random choices.
        workers: plans without an input's change that are made at the same time.
        on_progress: is told of better plans, bounds and stages.
        read_seconds: time that reading took, for the plan's account [s].

    Interrupted once there is a plan, it returns the plan with what is explained so far.

    Raises PlanError if the last plan cannot be used, or its orders do not fit the instance,
    ValueError for options out of range, SolveError as `solve`.
    """
    before, own = read_last(last)
    if inst.scenarios:
        raise PlanError("the instance has scenarios; replan one future: remove `scenarios`")
    day = placed_until(own, inst, as_of)
    bind = partial(
        bound, before, own, as_of=day, cancel_share=cancel_share, delay_share=delay_share
    )
    today = bind(inst)
    options = resolve(today.instance, gap, time_limit, threads, seed)
    plan = solve(
        today.instance,
        gap=gap,
        time_limit=time_limit,
        threads=threads,
        seed=seed,
        start=before,
        on_progress=on_progress,
        read_seconds=read_seconds,
    )
    changed = changed_inputs(own, inst, inputs)
    without: dict[str, Without] = {}
    if plan.objective_musd is not None and not plan.interrupted:
        if on_progress is not None:
            told = f"taking back {len(changed)} changed inputs, one by one"
            on_progress(News(plan.seconds["total"], plan.objective_musd, plan.bound_musd, told))

        def revert(some: Sequence[Input]) -> Instance:
            keys = frozenset(key for one in some for key in one.keys)
            return bind(reverted(inst, own, keys)).instance

        try:
            without = solve_without(today.instance, changed, revert, options, workers)
        except KeyboardInterrupt:
            plan = replace(plan, reasons=(*plan.reasons, INTERRUPTED))
    return _explained(before, own, plan, day, today, changed, without)


def read_last(last: Plan | str | Path) -> tuple[Plan, Instance]:
    """The last plan with its instance. Raises PlanError if there is none to go on from."""
    plan = last if isinstance(last, Plan) else read_plan(last)
    if plan.objective_musd is None:
        raise PlanError(f"{plan.name} is {plan.status}: there is no plan to go on from")
    if plan.by_scenario:
        names = ", ".join(plan.by_scenario)
        raise PlanError(f"the last plan has scenarios; take that of one: Plan.scenario, of {names}")
    if plan.instance is None:
        raise PlanError("the last plan's folder has no instance.json, so what changed is not known")
    return plan, plan.instance


def placed_until(before: Instance, now: Instance, as_of: str | date | None) -> date:
    """The day before which orders are placed. Raises PlanError where nobody says it."""
    if as_of is not None:
        try:
            return parse_day(as_of)
        except ValueError as error:
            raise PlanError(f"--as-of '{as_of}' {error}") from error
    if now.commitments.frozen_until is not None:
        return now.commitments.frozen_until
    if now.horizon.start > before.horizon.start:
        return now.horizon.start
    raise PlanError(
        "it is not known which orders are placed: give --as-of DATE, or set "
        "commitments.frozen_until in the instance"
    )


def _explained(
    before: Plan,
    own: Instance,
    plan: Plan,
    day: date,
    today: Bound,
    changed: tuple[Input, ...],
    without: dict[str, Without],
) -> Replan:
    """The new plan with what explains the difference, as far as there is one."""
    nothing = pd.DataFrame()
    found = Replan(
        before,
        plan,
        day,
        today.placed,
        today.passed_musd,
        today.agreed_musd,
        changed,
        nothing,
        nothing,
        nothing,
        None,
        today.notes,
    )
    if plan.objective_musd is None:
        return found
    table = causes(plan, changed, without)
    word = SEARCH if own.horizon == today.instance.horizon else TIME
    ahead = from_day(before, today.instance.horizon.start)
    moved = moves(ahead, plan, own, today.instance)
    return replace(
        found,
        causes=table,
        waterfall=steps(before, plan, table, without.get(ALL, UNKNOWN).plan, word),
        moves=with_causes(moved, ahead, own, changed, without),
        comparison=compare(before, plan),
    )
