"""Which changed input makes how much of the difference, and which orders it moves.

Each input is taken back by itself, and the plan made again: the study engine solves these
instances side by side. What all inputs do together beyond the sum of that is their interaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from models.calendar import parse_day
from models.instance import Instance
from models.problems import InstanceError
from optimizer.compare.figures import interval
from optimizer.compare.moves import SOURCES, moves
from optimizer.errors import PlanError
from optimizer.options import Options
from optimizer.plan.frame import make_frame
from optimizer.plan.plan import Plan
from optimizer.replan.changed import Input
from optimizer.replan.reverting import as_changes
from optimizer.study.case import Case, Study
from optimizer.study.run import run_study

ALL = "all inputs as before"
"""The name of the case in which every input is taken back."""

NO_PLAN = "no plan without it"
SEVERAL = "several"
MOST_NAMED = 3
"""So many inputs are named in their interaction."""

Revert = Callable[[Sequence[Input]], Instance]
"""Makes the instance with some inputs as they were. Raises InstanceError or PlanError."""


@dataclass(frozen=True)
class Without:
    """What came of taking inputs back.

    Attributes:
        plan: the plan without the change; None where there is none.
        note: why there is none: infeasible, or no valid instance; else ''.
    """

    plan: Plan | None
    note: str = ""


UNKNOWN = Without(None, "not known: interrupted")
"""What is said of an input that nobody has looked at."""


def solve_without(
    base: Instance,
    inputs: Sequence[Input],
    revert: Revert,
    options: Options,
    workers: int | None = None,
) -> dict[str, Without]:
    """The plan without each input's change, by its name, and that without any, as `ALL`.

    Every case is solved to the same gap, with one core each.
    """
    cases: list[Case] = []
    found: dict[str, Without] = {}
    for name, some in [*((one.name, [one]) for one in inputs), (ALL, list(inputs))]:
        try:
            cases.append(Case(name, "cases", as_changes(base, revert(some))))
        except (InstanceError, PlanError) as error:
            found[name] = Without(None, f"cannot be taken back by itself: {error}")
    study = Study("what caused the difference", base, tuple(cases))
    run = run_study(
        study,
        gap=options.gap,
        time_limit=options.time_limit,
        seed=options.seed,
        workers=workers or (None if len(cases) > 1 else 1),
    )
    try:
        for result in run:
            if result.objective_musd is None:
                note = NO_PLAN if result.status == "infeasible" else "; ".join(result.reasons)
                found[result.case.name] = Without(None, note)
            else:
                found[result.case.name] = Without(result.plan())
    finally:
        run.close()
    return found


def causes(after: Plan, inputs: Sequence[Input], without: Mapping[str, Without]) -> pd.DataFrame:
    """What each input's change costs: the plan's cost, less that without the change [MUSD].

    Columns: input, change (in words), note (why the effect is not known, else ''), effect_musd,
    low_musd and high_musd (what the gaps leave open), largest effect first.
    """
    rows = []
    for one in inputs:
        other = without.get(one.name, UNKNOWN)
        low, effect, high = (
            (float("nan"),) * 3 if other.plan is None else _difference(other.plan, after)
        )
        rows.append((one.name, one.words, other.note, effect, low, high))
    frame = make_frame(rows, ["input", "change", "note"], ["effect_musd", "low_musd", "high_musd"])
    order = frame["effect_musd"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _difference(before: Plan, after: Plan) -> tuple[float, float, float]:
    """Least, likely and most that one plan's least cost is above the other's [MUSD]."""
    assert before.objective_musd is not None
    assert after.objective_musd is not None
    a = interval(before.objective_musd, before.bound_musd)
    b = interval(after.objective_musd, after.bound_musd)
    return b[0] - a[1], b[1] - a[1], b[1] - a[0]


def steps(
    before: Plan, after: Plan, table: pd.DataFrame, same_data: Plan | None, start_word: str
) -> pd.DataFrame:
    """From the last plan's cost to the new one's: step and musd, which add up.

    Without a plan for the inputs as they were, the whole difference is one step.
    """
    a, b = before.objective_musd, after.objective_musd
    assert a is not None
    assert b is not None
    rows = [("last plan", a)]
    if same_data is None or same_data.objective_musd is None:
        rows.append(("not explained", b - a))
    else:
        known = table.dropna(subset="effect_musd")
        rows.append((start_word, same_data.objective_musd - a))
        rows += zip(known["input"], known["effect_musd"], strict=True)
        if len(table) > 1:
            names = list(table["input"])
            rest = b - same_data.objective_musd - float(known["effect_musd"].sum())
            whose = f"{', '.join(names[:-1])} and {names[-1]}"
            whose = whose if len(names) <= MOST_NAMED else f"the {len(names)} inputs"
            rows.append((f"interaction of {whose}", rest))
    rows.append(("new plan", b))
    return make_frame(rows, ["step"], ["musd"])


def with_causes(
    table: pd.DataFrame,
    before: Plan,
    inst_before: Instance,
    inputs: Sequence[Input],
    without: Mapping[str, Without],
) -> pd.DataFrame:
    """Moves with the column `because`: the inputs without whose change they are not made.

    'several' where taking back one is not enough, '' where they are made in any case.
    """
    left = {
        name: _by_move(moves(before, one.plan, inst_before, one.plan.instance))
        for name, one in without.items()
        if one.plan is not None
    }
    because = []
    for row in table.to_dict("records"):
        key = tuple(str(row[name]) for name in _MOVE)
        undone = [
            one.name
            for one in inputs
            if one.name in left and left[one.name].get(key, 0) < int(row["units"])
        ]
        several = ALL in left and left[ALL].get(key, 0) < int(row["units"])
        because.append("; ".join(undone) if undone else SEVERAL if several else "")
    return table.assign(because=pd.array(because, dtype="str"))


def from_day(plan: Plan, day: date) -> Plan:
    """A plan with only the openings and orders of periods that start on a day or later."""
    tables = dict(plan.tables)
    for _, name, _ in SOURCES:
        if (table := tables.get(name)) is not None:
            later = [parse_day(t) >= day for t in table["period"]]
            tables[name] = table[pd.Series(later, index=table.index, dtype=bool)]
    return replace(plan, tables=tables)


_MOVE = ("what", "site", "unit_type", "period_before", "period_after")


def _by_move(table: pd.DataFrame) -> dict[tuple[str, ...], int]:
    keys = table[list(_MOVE)].astype(str).itertuples(index=False, name=None)
    return dict(zip(keys, table["units"].astype(int), strict=True))
