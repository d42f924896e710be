"""The search on some of the contingency states; those that turn out to matter are added."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.instance import Instance
from models.standing import with_states
from optimizer.compiling import CompiledModel
from optimizer.errors import SolveError, ended_early
from optimizer.highs import Crew
from optimizer.interrupted import see_through
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.search import News, Result, proven, search
from optimizer.starts import Decisions, hint_of
from optimizer.states.demand import INNER, STATES_A_ROUND
from optimizer.states.evaluate import Evaluation, evaluate, fleet_of, own_cost


@dataclass(frozen=True)
class Priced:
    """A plan, with every contingency state answered.

    Attributes:
        compiled: the model that it is a solution of.
        x: values of its variables.
        evaluation: the states.
        cost: with all contingency states [MUSD]; infinite if one is served too little.
    """

    compiled: CompiledModel
    x: Floats
    evaluation: Evaluation
    cost: float


@dataclass(frozen=True)
class Searched:
    """What was found: the result of the last search, the best plan, and the states in the model."""

    result: Result
    best: Priced | None
    states: frozenset[str]


def price(crew: Crew, inst: Instance, compiled: CompiledModel, x: Floats, threads: int) -> Priced:
    """A plan with what it costs in all contingency states of an instance."""
    found = evaluate(crew, inst, fleet_of(compiled, x), threads)
    cost = compiled.matrix.value(x) - own_cost(compiled, x) + found.cost
    return Priced(compiled, x, found, cost)


def _priced(
    crew: Crew, inst: Instance, compiled: CompiledModel, result: Result, x: Floats, threads: int
) -> tuple[Priced, Result]:
    """A result's plan x, priced even if Ctrl-C comes meanwhile; the result then says so."""
    priced, stopped = see_through(
        lambda _: price(crew, inst, compiled, x, threads), result.interrupted
    )
    return priced, replace(result, interrupted=stopped)


def moved(x: Floats, before: CompiledModel, after: CompiledModel) -> Floats:
    """The whole numbers of a plan, in a model of the same instance with other states."""
    hint = np.zeros(len(after.variables))
    hint[after.matrix.whole] = np.round(x[before.matrix.whole])
    return hint


def search_states(
    crew: Crew,
    compile_: Callable[[Instance], CompiledModel],
    inst: Instance,
    options: Options,
    starts: Sequence[Decisions] = (),
    tell: Callable[[News], None] | None = None,
) -> Searched:
    """Search for a plan, adding contingency states to the model as they turn out to matter.

    Without some of them the model is a relaxation, so its bound is one, and if it has no plan there
    is none. Ends when the cost of a plan in all states is within the gap of the bound, when no
    state is left to add, or when the time is up. Once there is a plan, Ctrl-C or a solver that
    fails ends it with the best until then; Ctrl-C the second time is raised.

    Args:
        crew: the solvers.
        compile_: makes a model of an instance.
        inst: the instance, with all of its states.
        options: gap, time limit, threads, seed.
        starts: what known plans decide.
        tell: is told of bounds and stages, and of plans once all states are answered.
    """
    began = time.monotonic()
    states: frozenset[str] = frozenset()
    best: Priced | None = None
    last: Priced | None = None
    bound: float | None = None
    inner = replace(options, gap=options.gap * INNER)
    while True:
        known = best.cost if best is not None and np.isfinite(best.cost) else None
        try:
            compiled = compile_(with_states(inst, states))
            hints = [hint for start in starts if (hint := hint_of(compiled, start)) is not None]
            hints = [moved(last.x, last.compiled, compiled)] if last else hints
            passed = time.monotonic() - began
            result = search(
                crew,
                compiled,
                replace(inner, time_limit=_left(options, passed)),
                hints=hints,
                bound=bound,
                tell=_retold(tell, passed, known, f"{len(states)} contingency states"),
            )
            bound = result.bound
            if result.x is None:
                break
            last, result = _priced(crew, inst, compiled, result, result.x, options.threads)
        except KeyboardInterrupt:
            if best is None or result.interrupted:
                raise
            result = replace(result, interrupted=True)
            break
        except SolveError as error:
            if known is None:
                raise
            result = replace(result, reasons=(*result.reasons, ended_early(error)))
            break
        if best is None or last.cost < best.cost:
            best = last
        more = last.evaluation.worst(states, STATES_A_ROUND)
        late = options.time_limit is not None and time.monotonic() - began >= options.time_limit
        priced = best.cost if np.isfinite(best.cost) else None
        ended = result.interrupted or result.reasons
        if proven(priced, bound, options.gap) or not more or late or ended:
            break
        states |= frozenset(more)
    if best is not None and np.isfinite(best.cost):
        return Searched(replace(result, status="found", x=best.x), best, states)
    if result.x is None:
        return Searched(result, None, states)
    why = "in the plans that were found, some contingency is served too little"
    return Searched(Result("unknown", None, bound, (why,), result.interrupted), None, states)


def _left(options: Options, passed: float) -> float | None:
    return None if options.time_limit is None else max(0.1, options.time_limit - passed)


def _retold(
    tell: Callable[[News], None] | None, passed: float, known: float | None, stage: str
) -> Callable[[News], None] | None:
    """News of a search on some of the states: its plans are not priced yet."""
    if tell is None:
        return None

    def retell(news: News) -> None:
        said = f"{stage}: {news.stage}"
        tell(replace(news, seconds=passed + news.seconds, objective=known, stage=said))

    return retell
