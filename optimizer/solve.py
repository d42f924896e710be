"""Solve an instance: build, search, check, and hand out the plan."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from models.entities.method import Method
from models.entities.objective import ObjectiveName
from models.instance import Instance
from models.objectives import OBJECTIVES
from optimizer import highs
from optimizer.account import Times
from optimizer.compiling import CompiledModel
from optimizer.crosscheck.asking import cross_checked
from optimizer.explain import why_none
from optimizer.goals import Found, Proof, search_goals
from optimizer.interrupted import see_through
from optimizer.matrix import Floats
from optimizer.method import check_parts, way
from optimizer.options import Options, resolve
from optimizer.outcome import plan_of
from optimizer.own import (
    OwnFamily,
    compile_with,
    own_families,
    verify_with,
    with_limits,
)
from optimizer.plan.assemble import assemble
from optimizer.plan.plan import Plan
from optimizer.search import News, Result, is_large, polish, proven
from optimizer.starts import Decisions, decisions_of, hint_of
from optimizer.states import ADDED, search_states
from optimizer.uncertain import solve_uncertain

CHECKED = "plan passed the checker"
"""The stage of the news that a plan found on the way has passed the checker."""


def solve(
    inst: Instance,
    *,
    objective: ObjectiveName | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    method: Method | None = None,
    start: Plan | None = None,
    on_progress: Callable[[News], None] | None = None,
    read_seconds: float = 0.0,
    families: Sequence[object] = (),
    cross_check: bool = False,
    dask: str | None = None,
) -> Plan:
    """Return the best plan for an instance, checked by the independent checker.

    What is not given here is taken from the instance's `solve`, else from the machine.

    Args:
        inst: the instance.
        objective: what the plan shall be best at, in place of what the instance says.
        gap: relative gap between plan and bound at which the plan is good enough [ratio].
        time_limit: longest time for the search [s].
        threads: cores to use.
        seed: seed of random choices.
        method: auto, monolith (branch and bound on one model), search (guided by the relaxation),
            or decompose (by operating states).
        start: a plan of this instance or of a similar one, to start from.
        on_progress: is told of each better plan, bound and stage.
        read_seconds: time that reading took, for the plan's account [s].
        families: own constraint families beside ours (docs/own-family.md).
        cross_check: solve again under other settings, and by SCIP where it is installed, and doubt
            what is contradicted (docs/trust.md); of one future only.
        dask: address of a Dask scheduler ('tcp://…', 'tls://…'), or 'local', whose workers answer
            contingency states and solve what searches of scenarios need (docs/cluster.md).

    Raises FamilyError if one of `families` is none or fails, SolveError if the solver fails without
    leaving a plan or the cluster cannot be used, ValueError for options out of range, a method that
    does not fit the instance, a cross-check of scenarios, or a cluster without anything to do,
    InstanceError for an objective that there is not. An instance without a plan is no error:
    `plan.status` says so.
    """
    own = own_families(families)
    options = resolve(inst, gap, time_limit, threads, seed, method)
    if objective is not None and objective != inst.objective:
        inst = inst.with_changes({"objective": objective})
    if cross_check and inst.scenarios:
        raise ValueError("a cross-check is of one future; the instance has scenarios")
    if dask is not None:
        check_parts(inst, way(inst, options.method, own))
    starts = [] if start is None else [decisions_of(start)]
    with _crew(dask, options.threads) as crew:
        tools = Tools(crew, partial(compile_with, own), own)
        plan = solve_with(
            tools,
            inst,
            options,
            starts=starts,
            on_progress=on_progress,
            read_seconds=read_seconds,
        )
        plan = cross_checked(tools, plan, options, on_progress) if cross_check else plan
        return replace(plan, reasons=(*plan.reasons, *crew.unanswered))


def _crew(dask: str | None, threads: int) -> highs.Crew:
    """Solver processes here, or on the workers of a cluster."""
    if dask is None:
        return highs.Crew()
    from optimizer.cluster.crew import ClusterCrew

    return ClusterCrew(dask, threads)


@dataclass(frozen=True)
class Tools:
    """What solves have in common: the solvers, how an instance becomes a compiled model, and the
    own families in it."""

    crew: highs.Crew
    compile: Callable[[Instance], CompiledModel]
    own: tuple[OwnFamily, ...] = ()


def solve_with(
    tools: Tools,
    inst: Instance,
    options: Options,
    *,
    starts: Sequence[Decisions] = (),
    on_progress: Callable[[News], None] | None = None,
    read_seconds: float = 0.0,
    goals: Sequence[str] | None = None,
    most: Mapping[str, float] | None = None,
) -> Plan:
    """As `solve`, with tools kept for the next instance, and decisions of any number of plans.

    `goals`, in place of those of the instance's objective, must name the money among them; `most`
    limits further measures (docs/formulation.md §7).
    """
    highs.check_version()
    times = Times(read_seconds, time.monotonic())
    goals = goals or OBJECTIVES[inst.objective]
    how = way(inst, options.method, tools.own, goals, most)
    if on_progress is not None and options.method == "auto":
        on_progress(News(0.0, None, None, f"method {how.method}: {how.why}"))
    options = replace(options, method=how.method, method_why=how.why)
    if inst.scenarios:
        return solve_uncertain(
            tools.crew, tools.own, inst, options, starts, on_progress, times, how
        )
    if how.states_on_demand:
        return _solve_on_demand(tools, inst, options, goals[0], starts, on_progress, times)
    compiled = tools.compile(inst)
    times.built = time.monotonic()
    hints = [hint for start in starts if (hint := hint_of(compiled, start)) is not None]
    if on_progress is None:
        found = search_goals(tools.crew, compiled, options, goals, most=most, hints=hints)
    else:
        examiner = _Examiner(tools, compiled, options, on_progress)
        found = search_goals(
            tools.crew,
            compiled,
            options,
            goals,
            most=most,
            hints=hints,
            tell=examiner.hear,
            on_plan=examiner.examine,
        )
    if found.result.status == "infeasible":
        found = replace(found, result=_explained(tools, inst, options, found.result, most))
    times.solved = time.monotonic()

    def finish(interrupted: bool) -> Plan:
        result = replace(found.result, interrupted=interrupted)
        return plan_of(tools.own, inst, compiled, options, replace(found, result=result), times)

    return see_through(finish, found.result.interrupted)[0]


def _solve_on_demand(
    tools: Tools,
    inst: Instance,
    options: Options,
    goal: str,
    starts: Sequence[Decisions],
    on_progress: Callable[[News], None] | None,
    times: Times,
) -> Plan:
    """As `solve_with`, with contingency states added to the model as they matter."""
    times.built = time.monotonic()
    compile_ = partial(compile_with, tools.own)
    searched = search_states(tools.crew, compile_, inst, options, starts, on_progress)
    times.solved = time.monotonic()
    best, result = searched.best, searched.result
    if result.status == "infeasible":
        result = _explained(tools, inst, options, result, None)
    reached = best is not None and proven(best.cost, result.bound, options.gap)
    found = Found(result, {goal: Proof(result.bound, reached)})
    if best is None:
        return plan_of(tools.own, inst, None, options, found, times)

    def finish(interrupted: bool) -> Plan:
        told = replace(found, result=replace(result, interrupted=interrupted))
        tables = best.evaluation.tables()
        return plan_of(tools.own, inst, best.compiled, options, told, times, tables)

    plan, _ = see_through(finish, result.interrupted)
    return replace(plan, options={**plan.options, ADDED: len(searched.states)})


def _explained(
    tools: Tools,
    inst: Instance,
    options: Options,
    result: Result,
    most: Mapping[str, float] | None,
) -> Result:
    """The result with the reason why there is no plan."""
    if most:
        return replace(result, reasons=("no plan keeps to what was asked beside the limits",))
    try:
        return replace(result, reasons=why_none(tools.crew, tools.own, inst, options))
    except KeyboardInterrupt:
        return replace(result, interrupted=True)


class _Examiner:
    """Passes on the news of a search, and checks plans found on the way while it goes on."""

    def __init__(
        self,
        tools: Tools,
        compiled: CompiledModel,
        options: Options,
        on_progress: Callable[[News], None],
    ) -> None:
        self.tools, self.compiled, self.threads = tools, compiled, options.threads
        self.on_progress = on_progress
        self.last = News(0.0, None, None, "")

    def hear(self, news: News) -> None:
        """Pass on what the search says."""
        self.last = news
        self.on_progress(news)

    def examine(self, x: Floats) -> Floats | None:
        """Make a plan's whole numbers exact, and check it.

        Of a large problem the exact plan is handed back. A small one is searched in step, which
        goes the same way whether somebody listens or not.
        """
        hands_back = is_large(len(x))
        exact = polish(self.tools.crew, self.compiled.matrix, x, self.threads)
        if exact is not None:
            self.compiled.load(exact)
            contents = assemble(self.compiled.model, self.compiled.inst)
            inst, own = self.compiled.inst, self.tools.own
            unproven = dict.fromkeys(OBJECTIVES[inst.objective])
            claim = contents.claim("feasible", contents.objective, None, inst.objective, unproven)
            if verify_with(own, inst, with_limits(own, inst, contents.tables), claim).passed:
                objective = contents.objective if hands_back else self.last.objective
                self.on_progress(replace(self.last, objective=objective, stage=CHECKED))
        return exact if hands_back else None
