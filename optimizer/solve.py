"""Solve an instance: build, search, check, and hand out the plan."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from models.entities.objective import ObjectiveName
from models.instance import Instance
from models.objectives import MONEY, OBJECTIVES
from optimizer import highs
from optimizer.account import Times, versions
from optimizer.compiling import CompiledModel
from optimizer.goals import Found, search_goals
from optimizer.hashing import instance_sha256
from optimizer.matrix import Floats
from optimizer.options import Options, resolve
from optimizer.own import (
    OwnFamily,
    Tables,
    compile_with,
    own_families,
    told_options,
    verify_with,
    with_limits,
)
from optimizer.plan.assemble import Contents, assemble
from optimizer.plan.plan import Plan
from optimizer.search import News, polish, proven
from optimizer.starts import Decisions, decisions_of, hint_of
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
    start: Plan | None = None,
    on_progress: Callable[[News], None] | None = None,
    read_seconds: float = 0.0,
    families: Sequence[object] = (),
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
        start: a plan of this instance or of a similar one, to start from.
        on_progress: is told of each better plan, bound and stage.
        read_seconds: time that reading took, for the plan's account [s].
        families: own constraint families beside ours (docs/own-family.md).

    Raises FamilyError if one of `families` is none or fails, SolveError if the solver fails without
    leaving a plan, ValueError for options out of range, InstanceError for an objective that there
    is not. An instance without a plan is no error: `plan.status` says so.
    """
    own = own_families(families)
    options = resolve(inst, gap, time_limit, threads, seed)
    if objective is not None and objective != inst.objective:
        inst = inst.with_changes({"objective": objective})
    starts = [] if start is None else [decisions_of(start)]
    with highs.Crew() as crew:
        tools = Tools(crew, partial(compile_with, own), own)
        return solve_with(
            tools,
            inst,
            options,
            starts=starts,
            on_progress=on_progress,
            read_seconds=read_seconds,
        )


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
    if inst.scenarios:
        return solve_uncertain(tools.crew, tools.own, inst, options, starts, on_progress, times)
    compiled = tools.compile(inst)
    times.built = time.monotonic()
    hints = [hint for start in starts if (hint := hint_of(compiled, start)) is not None]
    goals = goals or OBJECTIVES[inst.objective]
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
    times.solved = time.monotonic()
    try:
        return plan_of(tools.own, compiled, options, found, times)
    except KeyboardInterrupt:
        stopped = replace(found.result, interrupted=True)
        return plan_of(tools.own, compiled, options, replace(found, result=stopped), times)


def plan_of(
    own: tuple[OwnFamily, ...],
    compiled: CompiledModel,
    options: Options,
    found: Found,
    times: Times,
) -> Plan:
    """The plan of a search's result, checked; without one, what is known instead."""
    contents, result = Contents({}, {}, {}), found.result
    tables: Tables = contents.tables
    name = compiled.inst.objective
    bounds = {goal: proof.bound for goal, proof in found.proofs.items()}
    money = next((goal for goal in bounds if goal in MONEY), None)
    bound = None if money is None else bounds[money]
    claim = contents.claim(result.status, None, bound, name, bounds)
    violations: tuple[str, ...] = ()
    passed = False
    if result.x is not None:
        compiled.load(result.x)
        contents = assemble(compiled.model, compiled.inst)
        objective = contents.objective
        bound = None if bound is None else min(bound, objective)
        # What was held while another goal came down may have given way a little since its proof.
        last = list(bounds)[-1]
        done = all(
            proven(objective, bound, options.gap) if goal == last == money else proof.reached
            for goal, proof in found.proofs.items()
        )
        status = "optimal" if done else "feasible"
        claim = contents.claim(status, objective, bound, name, bounds)
        tables = with_limits(own, compiled.inst, contents.tables)
        checked = verify_with(own, compiled.inst, tables, claim)
        violations, passed = tuple(v.message for v in checked.violations), checked.passed
    return Plan(
        name=compiled.inst.name,
        **claim | {"goals": tuple(claim["goals"])},
        verified=passed,
        violations=violations,
        reasons=(*result.reasons, *(["interrupted"] if result.interrupted else [])),
        instance_sha256=instance_sha256(compiled.inst),
        instance=compiled.inst,
        seconds=times.seconds(),
        versions=dict(versions()),
        options=told_options(options, own),
        tables=tables,
    )


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
        """Make a plan's whole numbers exact, check it, and hand the exact plan back."""
        exact = polish(self.tools.crew, self.compiled.matrix, x, self.threads)
        if exact is not None:
            self.compiled.load(exact)
            contents = assemble(self.compiled.model, self.compiled.inst)
            inst, own = self.compiled.inst, self.tools.own
            unproven = dict.fromkeys(OBJECTIVES[inst.objective])
            claim = contents.claim("feasible", contents.objective, None, inst.objective, unproven)
            if verify_with(own, inst, with_limits(own, inst, contents.tables), claim).passed:
                objective, bound = contents.objective, self.last.bound
                self.on_progress(News(self.last.seconds, objective, bound, CHECKED))
        return exact
