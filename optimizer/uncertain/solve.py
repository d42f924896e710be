"""Solve an instance with scenarios: build, search, check, and hand out the plan."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf

from models.instance import Instance
from optimizer.account import Times, versions
from optimizer.certificate.without import no_duals
from optimizer.errors import SolveError, early_ends, ended_early
from optimizer.explain import why_none
from optimizer.hashing import instance_sha256
from optimizer.highs import Crew
from optimizer.interrupted import see_through
from optimizer.method import Way
from optimizer.options import Options
from optimizer.own import OwnFamily, told_options, verify_with, with_limits
from optimizer.plan.assemble import Contents, assemble
from optimizer.plan.evidence import Evidence
from optimizer.plan.plan import INTERRUPTED, Plan
from optimizer.search import Grounds, News, proven
from optimizer.starts import Decisions
from optimizer.states import ADDED, INNER, STATES_A_ROUND
from optimizer.uncertain.contents import by_scenario, contents, not_known
from optimizer.uncertain.problem import Problem, build_problem
from optimizer.uncertain.search import Search


def solve_uncertain(
    crew: Crew,
    own: tuple[OwnFamily, ...],
    inst: Instance,
    options: Options,
    starts: Sequence[Decisions],
    on_progress: Callable[[News], None] | None,
    times: Times,
    how: Way,
) -> Plan:
    """As `optimizer.solve.solve_with`, for an instance with scenarios."""
    searched = _search(crew, own, inst, options, starts, on_progress, times, how)
    found = searched.found

    def finish(interrupted: bool) -> Plan:
        if found.infeasible and interrupted == found.interrupted:
            found.reasons = (*found.reasons, *why_none(crew, own, inst, options))
        found.interrupted = interrupted
        times.solved = times.solved or time.monotonic()
        return _plan(searched, own, options, times)

    return see_through(finish, found.interrupted)[0]


def _search(
    crew: Crew,
    own: tuple[OwnFamily, ...],
    inst: Instance,
    options: Options,
    starts: Sequence[Decisions],
    on_progress: Callable[[News], None] | None,
    times: Times,
    how: Way,
) -> Search:
    """Search, adding contingency states to the models of scenarios as they turn out to matter.

    Returns the last search, or the one before it if that has the better plan, with the best bounds.
    Ctrl-C ends it with what is known, the second time without; a solver that fails ends it with the
    plan in hand, if there is one.
    """
    states = {w: frozenset[str]() for w in inst.scenarios if how.states_on_demand}
    inner = replace(options, gap=options.gap * INNER) if states else options
    best: Search | None = None
    last: Search | None = None
    left: float | None = None
    failed: tuple[str, ...] = ()
    while True:
        try:
            problem = build_problem(inst, own, states, apart=how.scenarios_apart)
            times.built = times.built or time.monotonic()
            if options.time_limit is not None:
                left = max(0.1, options.time_limit - (time.monotonic() - times.built))
            last = Search(crew, problem, replace(inner, time_limit=left), starts, on_progress, last)
            last.run()
        except KeyboardInterrupt:
            if last is None or last.found.interrupted:
                raise
            last.found.interrupted = True
        except SolveError as error:
            if last is None or _better(best, last).found.plans is None:
                raise
            failed = (ended_early(error),)
        best, found = _better(best, last), last.found
        failed += early_ends(found.reasons)
        more = last.prices.wanted(STATES_A_ROUND)
        done = proven(_cost(best) if best.found.plans else None, best.found.bound, options.gap)
        late = left is not None and time.monotonic() - times.built >= (options.time_limit or 0.0)
        if done or late or not more or found.infeasible or found.interrupted or failed:
            break
        states = {w: have | frozenset(more.get(w, ())) for w, have in states.items()}
    best.found.interrupted |= last.found.interrupted
    best.found.reasons = tuple(dict.fromkeys([*best.found.reasons, *failed]))
    return best


def _better(best: Search | None, last: Search) -> Search:
    """The search with the better plan, or else the last, with the better bound of both."""
    if best is None or best is last:
        return last
    stays = best.found.plans is not None and _cost(best) <= _cost(last)
    better, other = (best, last) if stays else (last, best)
    if better.raise_bound(other.found.bound, other.found.bound_from):
        better.found.bound_musd = other.found.bound_musd
    return better


def _added(problem: Problem) -> dict[str, int]:
    """How many contingency states the models of all scenarios have, where not all."""
    if not problem.states:
        return {}
    return {ADDED: sum(len(states) for states in problem.states.values())}


def _cost(search: Search) -> float:
    """What the best plan of a search measures [MUSD]; infinite without one."""
    return search.measure(search.found.plans) if search.found.plans else inf


def _plan(search: Search, own: tuple[OwnFamily, ...], options: Options, times: Times) -> Plan:
    """The plan of what was found, checked; without one, what is known instead."""
    problem, found = search.problem, search.found
    inst = problem.inst
    whole, futures = Contents({}, {}, {}), dict[str, Contents]()
    claim = whole.claim("infeasible" if found.infeasible else "unknown", None, found.bound)
    violations: tuple[str, ...] = ()
    passed, reasons = False, found.reasons
    largest: Mapping[str, float] = {}
    if found.plans is not None:
        problem.load(found.plans)
        for w, future in inst.scenario_instances.items():
            answered = search.prices.evaluation(w, found.plans[w])
            contingencies = answered.tables() if answered else None
            alone = assemble(problem.alone[w].model, future, contingencies)
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
        largest = checked.largest
    return Plan(
        name=inst.name,
        **claim | {"goals": tuple(claim["goals"])},
        verified=passed,
        violations=violations,
        reasons=(*reasons, *([INTERRUPTED] if found.interrupted else [])),
        instance_sha256=instance_sha256(inst),
        instance=inst,
        seconds=times.seconds(),
        versions=dict(versions()),
        options=told_options(options, own) | _added(problem),
        tables=whole.tables,
        evidence=Evidence(largest, Grounds(found.bound_from), no_duals(inst, None, 0)),
    )
