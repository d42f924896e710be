"""What relaxations prove: what no plan can reach, and how much must fall short."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from models import prices
from models.objectives import may_fall_short
from optimizer.compiling import CompiledModel
from optimizer.figures import number, percent
from optimizer.highs import Outcome
from optimizer.matrix import Matrix
from optimizer.screening.asks import Ask, elastic
from optimizer.screening.finding import Finding
from optimizer.search.bound import dual_bound

MISSED = 1e-6
"""A smaller part of what is asked for is rounding [ratio]."""

MOST_ALONE = 16
"""So many of what cannot be reached are looked at one by one."""

Solve = Callable[[Matrix], Outcome]
"""Solves a relaxation; duals may be those of interior point."""


def unreachable(compiled: CompiledModel, solve: Solve) -> Iterator[Finding]:
    """What is asked for and no plan can reach; nothing where the relaxation reaches all."""
    matrix, asks = elastic(compiled)
    missed = _missing(matrix, asks, solve)
    if missed is None:
        message = "no plan exists even if nothing had to be served: limits contradict each other."
        yield Finding("conflict", True, (), message)
    elif missed:
        yield from _told(compiled, matrix, missed, solve)


def _priced(matrix: Matrix, asks: Sequence[Ask]) -> Matrix:
    """The problem of missing as little as can be of some asks, each counted as a part of 1."""
    cost = np.zeros_like(matrix.cost)
    for ask in asks:
        cost[ask.column] = 1.0 / ask.amount
    return replace(matrix, cost=cost)


def _missing(matrix: Matrix, asks: Sequence[Ask], solve: Solve) -> list[Ask] | None:
    """The asks that are missed where as little is missed as can be; None if there is no way.

    Nothing unless the duals prove that something must be missed.
    """
    if not asks:
        return []
    least = _priced(matrix, asks)
    outcome = solve(least)
    if outcome.status == "infeasible":
        return None
    if outcome.x is None or outcome.row_duals is None:
        return []
    if dual_bound(least, outcome.row_duals) <= MISSED:
        return []
    return [ask for ask in asks if outcome.x[ask.column] > MISSED * ask.amount]


def _told(
    compiled: CompiledModel, matrix: Matrix, missed: Sequence[Ask], solve: Solve
) -> Iterator[Finding]:
    """What of the asks that are missed cannot be reached by itself; the others together."""
    ordered = sorted(missed, key=lambda ask: (ask.path, ask.words, ask.period))
    named = False
    for (path, words), some in groupby(ordered, key=lambda ask: (ask.path, ask.words)):
        alone = [
            (ask, short) for ask in list(some)[:MOST_ALONE] if (short := _short(matrix, ask, solve))
        ]
        if alone:
            named = True
            ask, short = max(alone, key=lambda one: one[1] / one[0].amount)
            more = f" (and {len(alone) - 1} more)" if len(alone) > 1 else ""
            message = (
                f"in {ask.period}{more} at least {number(short)} of {number(ask.amount)} "
                f"{ask.unit} of {words} cannot be had, whatever is built{_where(compiled, ask)}."
            )
            yield Finding(ask.kind, True, path, message)
    if not named:
        first = ordered[0]
        names = dict.fromkeys(f"{ask.words} in {ask.period}" for ask in ordered)
        shown = "; ".join(list(names)[:4]) + ("; …" if len(names) > 4 else "")
        message = f"no plan can have all of these together: {shown}."
        yield Finding(first.kind, True, first.path, message)


def _where(compiled: CompiledModel, ask: Ask) -> str:
    """From where a stream can be served, and since when; '' for anything else."""
    m = compiled.model
    if ask.served is None:
        return ""
    j, o = ask.served
    since = {s: m.period_of[later] for stream, s, later in reversed(m.FLOWS.data()) if stream == j}
    offers = m.rents_of.get((j, o), ())
    told = [s if s in m.sites_of.get((j, o), ()) else f"{s} from {t} on" for s, t in since.items()]
    places = sorted(told) + [f"the offer {x}" for x in offers]
    lawful = [s for s in m.groups[j].network_price if s not in since]
    never = f"; {', '.join(lawful)} never" if lawful else ""
    return f": it can be served by {', '.join(places) or 'nobody'}{never}"


def _short(matrix: Matrix, ask: Ask, solve: Solve) -> float:
    """How much of one ask is missing at least if all others may be missed [its unit]; else 0."""
    least = _priced(matrix, [ask])
    outcome = solve(least)
    if outcome.row_duals is None:
        return 0.0
    part = dual_bound(least, outcome.row_duals)
    return part * ask.amount if part > MISSED else 0.0


def falling_short(compiled: CompiledModel, solve: Solve) -> Iterator[Finding]:
    """How much demand falls short in every plan, though it may."""
    m, inst, matrix = compiled.model, compiled.inst, compiled.matrix.relaxed()
    column = {id(v): place for place, v in enumerate(compiled.variables)}
    cost, asked = np.zeros_like(matrix.cost), 0.0
    for j, o in m.DEMANDS:
        ttok = prices.tokens(inst, o) / 1e6
        asked += ttok * m.groups[j].demand_mtok_s[o]
        if may_fall_short(inst, m.groups[j].workload) and id(m.shortfall[j, o]) in column:
            cost[column[id(m.shortfall[j, o])]] = ttok
    if not cost.any():
        return
    least = replace(matrix, cost=cost, offset=0.0)
    outcome = solve(least)
    if outcome.row_duals is None:
        return
    short = dual_bound(least, outcome.row_duals)
    if short > 1e-3 * asked:
        message = (
            f"at least {number(short)} of {number(asked)} Ttok ({percent(short / asked)}) fall "
            "short in every plan, whatever it costs."
        )
        yield Finding("shortfall", False, ("demand",), message)
