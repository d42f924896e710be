"""Solve an instance with scenarios: build, search, check, and hand out the plan."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from models.instance import Instance
from optimizer.account import Times, versions
from optimizer.explain import why_none
from optimizer.hashing import instance_sha256
from optimizer.highs import Crew
from optimizer.options import Options
from optimizer.own import OwnFamily, told_options, verify_with, with_limits
from optimizer.plan.assemble import Contents, assemble
from optimizer.plan.plan import Plan
from optimizer.search import News, proven
from optimizer.starts import Decisions
from optimizer.uncertain.contents import by_scenario, contents, not_known
from optimizer.uncertain.problem import Problem, build_problem
from optimizer.uncertain.search import Found, Search


def solve_uncertain(
    crew: Crew,
    own: tuple[OwnFamily, ...],
    inst: Instance,
    options: Options,
    starts: Sequence[Decisions],
    on_progress: Callable[[News], None] | None,
    times: Times,
) -> Plan:
    """As `optimizer.solve.solve_with`, for an instance with scenarios."""
    problem = build_problem(inst, own)
    times.built = time.monotonic()
    found = Search(crew, problem, options, starts, on_progress).run()
    if found.infeasible:
        found.reasons = (*found.reasons, *why_none(crew, own, inst, options))
    times.solved = time.monotonic()
    return _plan(problem, own, options, found, times)


def _plan(
    problem: Problem,
    own: tuple[OwnFamily, ...],
    options: Options,
    found: Found,
    times: Times,
) -> Plan:
    """The plan of what was found, checked; without one, what is known instead."""
    inst = problem.inst
    whole, futures = Contents({}, {}, {}), dict[str, Contents]()
    claim = whole.claim("infeasible" if found.infeasible else "unknown", None, found.bound)
    violations: tuple[str, ...] = ()
    passed, reasons = False, found.reasons
    if found.plans is not None:
        problem.load(found.plans)
        for w, future in inst.scenario_instances.items():
            alone = assemble(problem.model.scenario[w], future)
            tables = dict(with_limits(own, future, alone.tables))
            futures[w] = replace(alone, tables=tables)
        whole = contents(inst, futures, found)
        objective = whole.objective
        bound = None if found.bound is None else min(found.bound, objective)
        status = "optimal" if proven(objective, bound, options.gap) else "feasible"
        claim = whole.claim(status, objective, bound) | {"by_scenario": by_scenario(futures)}
        reasons = (*reasons, *not_known(inst, found))
        checked = verify_with(own, inst, whole.tables, claim)
        violations, passed = tuple(v.message for v in checked.violations), checked.passed
    return Plan(
        name=inst.name,
        **claim | {"goals": tuple(claim["goals"])},
        verified=passed,
        violations=violations,
        reasons=(*reasons, *(["interrupted"] if found.interrupted else [])),
        instance_sha256=instance_sha256(inst),
        instance=inst,
        seconds=times.seconds(),
        versions=dict(versions()),
        options=told_options(options, own),
        tables=whole.tables,
    )
