"""Asking again: HiGHS without presolve and with another seed, and SCIP where it is installed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from models.objectives import PER_UNIT
from optimizer.compiling import CompiledModel
from optimizer.crosscheck.opinions import DISAGREE, Claim, Opinion, compared
from optimizer.crosscheck.scip import MOST_ENTRIES, run_scip
from optimizer.errors import SolveError
from optimizer.goals import aimed, held_at
from optimizer.highs import Crew, Job, Outcome
from optimizer.matrix import Matrix
from optimizer.options import Options
from optimizer.plan.plan import INTERRUPTED, Plan
from optimizer.search import News, polish

if TYPE_CHECKING:
    from optimizer.solve import Tools

LEAST_S = 30.0
"""Without a time limit a second opinion has at least so long [s]."""

PATIENCE = 3.0
"""And so many times as long as the first took."""

Ask = Callable[[Crew, Matrix, Options], Outcome]


def cross_checked(
    tools: "Tools", plan: Plan, options: Options, tell: Callable[[News], None] | None = None
) -> Plan:
    """The plan, with what others say of it in its evidence.

    Where they disagree the bound is no longer believed, nor that there is no plan: the status is
    `feasible` or `unknown` then, and the reasons say who claims what.
    """
    assert plan.instance is not None
    compiled = tools.compile(plan.instance)
    limit = options.time_limit or max(LEAST_S, PATIENCE * plan.seconds["solve"])
    options = replace(options, time_limit=limit, seed=options.seed + 1)
    opinions: list[Opinion] = []
    try:
        for opinion in _opinions(tools.crew, compiled, plan, options, tell):
            opinions.append(opinion)
    except KeyboardInterrupt:
        plan = replace(plan, reasons=(*plan.reasons, INTERRUPTED))
    assert plan.evidence is not None
    plan = replace(plan, evidence=replace(plan.evidence, opinions=tuple(opinions)))
    against = [one for one in opinions if one.verdict == "disagrees"]
    return _doubted(plan, against) if against else plan


def _doubted(plan: Plan, against: list[Opinion]) -> Plan:
    """The plan without what is in doubt."""
    reasons = (*plan.reasons, *(f"{DISAGREE}: {one.words}" for one in against))
    return replace(
        plan,
        status="unknown" if plan.objective_musd is None else "feasible",
        bound_musd=None,
        gap=None,
        goals=tuple({**goal, "bound": None} for goal in plan.goals),
        reasons=reasons,
    )


def _opinions(
    crew: Crew,
    compiled: CompiledModel,
    plan: Plan,
    options: Options,
    tell: Callable[[News], None] | None,
) -> Iterator[Opinion]:
    """What each second solver says of each goal in turn, while those before it are held."""
    goals = plan.goals if plan.objective_musd is not None else plan.goals[:1]
    held: dict[str, float] = {}
    for goal in goals:
        name, unit = goal["name"], goal["unit"]
        matrix = aimed(compiled, name, held).matrix
        first = _first(plan, goal["value"], goal["bound"])
        for who, ask in _solvers(matrix):
            if tell is not None:
                tell(
                    News(
                        plan.seconds["solve"], plan.objective_musd, plan.bound_musd, f"asking {who}"
                    )
                )
            try:
                outcome = ask(crew, matrix, options)
            except SolveError as error:
                outcome = Outcome("failed", message=str(error))
            yield compared(name, unit, first, _claim(crew, who, name, matrix, options, outcome))
        if goal["value"] is not None:
            held[name] = held_at(goal["value"] * PER_UNIT.get(name, 1.0))


def _first(plan: Plan, value: float | None, bound: float | None) -> Claim:
    known = {"infeasible": "none", "unknown": "unknown"}
    return Claim("the search", known.get(plan.status, "plan"), value, bound)  # type: ignore[arg-type]


def _solvers(matrix: Matrix) -> Iterator[tuple[str, Ask]]:
    yield "HiGHS without presolve and with another seed", _ask_highs
    if find_spec("pyscipopt") is not None and matrix.rows.nnz <= MOST_ENTRIES:
        yield "SCIP", lambda _, problem, options: run_scip(problem, options)


def _ask_highs(crew: Crew, matrix: Matrix, options: Options) -> Outcome:
    return crew.run(
        Job(
            matrix,
            gap=options.gap,
            time_limit=options.time_limit,
            threads=options.threads,
            seed=options.seed,
            presolve=False,
        )
    )


def _claim(
    crew: Crew, who: str, goal: str, matrix: Matrix, options: Options, outcome: Outcome
) -> Claim:
    """What an outcome claims; a plan counts once its whole numbers are exact."""
    per_unit = PER_UNIT.get(goal, 1.0)
    bound = None if outcome.bound is None else outcome.bound / per_unit
    if outcome.status == "infeasible":
        return Claim(who, "none")
    exact = None if outcome.x is None else polish(crew, matrix, outcome.x, options.threads)
    if exact is not None:
        return Claim(who, "plan", matrix.value(exact) / per_unit, bound)
    if outcome.status == "failed":
        return Claim(who, "unknown", None, bound, f"failed: {outcome.message}")
    if outcome.x is not None:
        return Claim(who, "unknown", None, bound, "found none once whole numbers are exact")
    return Claim(who, "unknown", None, bound, f"found none within {options.time_limit:.0f} s")
