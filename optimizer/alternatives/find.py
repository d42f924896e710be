"""Alternatives: plans within a share of the least cost that differ in their sites."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Literal

import pandas as pd

from models.instance import Instance
from models.objectives import is_money
from optimizer import highs, whole
from optimizer.alternatives.differ import Different, chosen_sites
from optimizer.alternatives.questions import Answers, ask
from optimizer.alternatives.search import DIFFERENCE, Search
from optimizer.alternatives.tables import diversity_table, plans_table, sites_table
from optimizer.frontier import MEASURES
from optimizer.options import resolve
from optimizer.own import compile_with, own_families
from optimizer.plan.plan import Plan
from optimizer.plan.store import write_plan, write_table
from optimizer.search import News
from optimizer.solve import Tools, solve_with
from optimizer.starts import decisions_of

LEANS = (*MEASURES, DIFFERENCE)
"""What alternatives can lean to."""

TABLES = ("alternatives", "sites", "diversity")

PARTS = (*(f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")), "plans",
         "report.html")  # fmt: skip
"""What makes up a folder of alternatives; the first one marks it."""

Ending = Literal["found", "no more", "stopped", "interrupted"]
"""How the search ended: with as many plans as were asked for; with a proof that there is no other;
at a limit of time; by the user."""


@dataclass(frozen=True)
class Alternatives:
    """Plans near the least cost that differ in their sites.

    Attributes:
        plans: the plan of least cost, then the others in the order in which they were found, and
            those that answer questions about sites; where the instance has no plan, what is known
            instead.
        ended: how the search ended.
        most_musd: most that a plan was allowed to cost [MUSD].
        bound_musd: no plan of the instance costs less [MUSD].
        table: one row for each plan (docs/alternatives.md).
        sites: one row for each site: must have, choice, or never; to these plans, or proven for
            all plans within the cost.
        diversity: how widely each plan is spread over jurisdictions, operators and continents.
    """

    plans: tuple[Plan, ...]
    ended: Ending
    most_musd: float | None
    bound_musd: float | None
    table: pd.DataFrame
    sites: pd.DataFrame
    diversity: pd.DataFrame

    def save(self, folder: str | Path) -> Path:
        """Write the tables and the plans, whole or not at all; return the folder.

        Raises PlanError if the folder holds something else, or cannot be written.
        """
        return whole.write_folder(Path(folder), "set of alternatives", PARTS, self._fill)

    def _fill(self, folder: Path) -> None:
        (folder / "plans").mkdir()
        for name, plan in zip(self.table["plan"], self.plans, strict=True):
            write_plan(plan, folder / "plans" / name)
        for name, table in zip(TABLES, (self.table, self.sites, self.diversity), strict=True):
            write_table(table, folder, name)


def check_target(folder: Path) -> None:
    """Raise PlanError if alternatives must not be written there: it holds something else."""
    whole.check_target(folder, PARTS[0], "set of alternatives")


def alternatives(
    inst: Instance,
    *,
    within: float = 0.01,
    differ: int = 3,
    count: int = 5,
    lean: str | None = None,
    prove_sites: bool = False,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    start: Plan | None = None,
    on_progress: Callable[[News], None] | None = None,
    families: Sequence[object] = (),
) -> Alternatives:
    """Return the plan of least cost, and others that cost little more and stand elsewhere.

    Each plan differs from every one before it in at least `differ` sites that units are ordered
    for, and costs at most (1 + within) times the first plan. It is the first such plan that is
    found, or, with `lean`, the best at something within that cost.

    Args:
        inst: the instance, with one future; its objective is cost or profit.
        within: how much more a plan may cost than the first [ratio].
        differ: in how many sites it differs at least.
        count: how many plans are wanted beside the first.
        lean: what they are best at: one of LEANS; None: nothing.
        prove_sites: for each site that all of these plans choose, or none does, look for a plan
            within the cost that does otherwise, or for the proof that there is none.
        gap: relative gap of the first plan, and of what is leaned to [ratio].
        time_limit: longest search for each plan, for what it leans to, and for each site [s]; for
            a site 60 s where there is no limit.
        threads: cores to use.
        seed: seed of random choices.
        start: a plan of this instance or of a similar one, to start the first from.
        on_progress: is told of each stage.
        families: own constraint families beside ours (docs/own-family.md).

    Raises ValueError for options out of range, scenarios, and an objective that is not money; else
    as `solve`.
    """
    _check(inst, within, differ, count, lean)
    own = own_families(families)
    options = resolve(inst, gap, time_limit, threads, seed)
    with highs.Crew() as crew:
        tools = Tools(crew, lambda one: compile_with(own, one), own)
        starts = [] if start is None else [decisions_of(start)]
        first = solve_with(tools, inst, options, starts=starts, on_progress=on_progress)
        if first.objective_musd is None or not first.verified:
            return _nothing(first)
        cost = first.objective_musd
        most = cost + within * abs(cost)
        search = Search(crew, own, inst, options, most, first, lean, on_progress)
        plans, ended = _found(search, first, differ, count)
        answers = Answers()
        if ended == "no more" and differ == 1:
            # No plan within the cost chooses other sites than these do.
            answers = Answers(proven=frozenset(inst.sites))
        elif prove_sites and ended != "interrupted":
            answers = ask(search, plans)
    every = (*plans, *answers.plans.values())
    names = (*[""] * len(plans), *map(str, answers.plans))
    return Alternatives(
        plans=every,
        ended="interrupted" if answers.interrupted else ended,
        most_musd=most,
        bound_musd=first.bound_musd,
        table=plans_table(inst, every, names, first.bound_musd),
        sites=sites_table(inst, every, answers.proven),
        diversity=diversity_table(inst, every),
    )


def _check(inst: Instance, within: float, differ: int, count: int, lean: str | None) -> None:
    if inst.scenarios:
        raise ValueError(
            "alternatives are of one future, but the instance has scenarios; "
            "--set scenarios.remove=true makes it certain"
        )
    if not is_money(inst.objective):
        raise ValueError(
            f"alternatives are within a share of the least cost, but the objective is "
            f"{inst.objective}; --set objective=cost asks for least cost"
        )
    if isinstance(within, bool) or not (isfinite(within) and 0 <= within <= 10):
        raise ValueError(f"within must be a ratio from 0 to 10, but is {within}")
    for name, number, most, what in (
        ("differ", differ, len(inst.sites), f"{len(inst.sites)}, as many as there are sites"),
        ("count", count, 1000, "1000"),
    ):
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most:
            raise ValueError(f"{name} must be a whole number from 1 to {what}, but is {number!r}")
    if lean is not None and lean not in LEANS:
        raise ValueError(f"plans can lean to {', '.join(LEANS)}; not to '{lean}'")


def _nothing(plan: Plan) -> Alternatives:
    ended: Ending = "interrupted" if plan.interrupted else "stopped"
    empty = pd.DataFrame()
    return Alternatives((plan,), ended, None, plan.bound_musd, empty, empty, empty)


def _found(search: Search, first: Plan, differ: int, count: int) -> tuple[list[Plan], Ending]:
    """The plans one after the other, for each has to differ from all before it."""
    plans = [first]
    if first.interrupted:
        return plans, "interrupted"
    while len(plans) <= count:
        rule = Different([chosen_sites(plan.tables) for plan in plans], differ)
        plan = search.next_plan(rule)
        if plan.objective_musd is not None:
            plans.append(plan)
        if plan.interrupted:
            return plans, "interrupted"
        if plan.objective_musd is None:
            return plans, "no more" if plan.status == "infeasible" else "stopped"
    return plans, "found"
