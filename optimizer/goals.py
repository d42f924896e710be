"""Goals in order: each is searched for on the same model, while those before it are held."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn
from scipy.sparse import csc_array, vstack

from models.objectives import MONEY, PER_UNIT, measure
from optimizer.compiling import CompiledModel
from optimizer.errors import SolveError, early_ends, ended_early
from optimizer.highs import Crew
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.search import News, Result, proven, search

HELD = 1e-7
"""How far a goal may give way to the next: relative to the larger of 1 and what it reached, in the
unit of the model (MUSD, Ttok, GWh, thousands of tCO2 and m3) [ratio]."""


@dataclass(frozen=True)
class Proof:
    """What a search for one goal found.

    Attributes:
        bound: no plan that holds the goals before it is below, in the goal's unit; None: unknown.
        reached: True if what was found is within the gap of it.
    """

    bound: float | None
    reached: bool


@dataclass(frozen=True)
class Found:
    """The outcome of the last search that left a plan, and the proof of each goal in order."""

    result: Result
    proofs: Mapping[str, Proof]


def search_goals(
    crew: Crew,
    compiled: CompiledModel,
    options: Options,
    goals: Sequence[str],
    *,
    most: Mapping[str, float] | None = None,
    hints: Sequence[Floats] = (),
    tell: Callable[[News], None] | None = None,
    on_plan: Callable[[Floats], Floats | None] | None = None,
) -> Found:
    """Search for goals in order; the time is shared by those that are left.

    Args:
        crew: the solvers.
        compiled: the model.
        options: gap, time limit, threads, seed.
        goals: measures, each brought down while those before it are held.
        most: limits on further measures, each in its unit.
        hints: known plans of similar problems, the most promising first.
        tell: is told of each better plan, bound and stage; of other goals than cost of stages only.
        on_plan: is given plans on the way where there is one goal only.
    """
    most = most or {}
    began = time.monotonic()
    held = {name: limit * PER_UNIT.get(name, 1.0) for name, limit in most.items()}
    result = Result("unknown", None, None)
    proofs: dict[str, Proof] = {}
    for n, name in enumerate(goals):
        passed = time.monotonic() - began
        try:
            stage = aimed(compiled, name, held)
            now = search(
                crew,
                stage,
                options if n == 0 and len(goals) == 1 else _share(options, passed, len(goals) - n),
                hints=hints if result.x is None else [result.x],
                tell=tell if len(goals) == 1 else _retold(tell, name, passed),
                on_plan=on_plan if len(goals) == 1 else None,
            )
        except SolveError as error:
            if result.x is None:
                raise
            now = Result("unknown", None, None, (ended_early(error),))
        except KeyboardInterrupt:
            if result.x is None or result.interrupted:
                raise
            now = Result("unknown", None, None, interrupted=True)
        per_unit = PER_UNIT.get(name, 1.0)
        bound = None if now.bound is None else now.bound / per_unit
        x = now.x if now.x is not None else result.x
        if x is None:
            return Found(now, proofs | {name: Proof(bound, reached=False)})
        value = stage.matrix.value(x)
        proofs[name] = Proof(bound, proven(value, now.bound, options.gap))
        held[name] = held_at(value)
        result = replace(now, status="found", x=x)
        if now.interrupted or early_ends(now.reasons):
            break
    unknown = {name: Proof(None, reached=False) for name in goals if name not in proofs}
    return Found(result, proofs | unknown)


def _share(options: Options, passed: float, left: int) -> Options:
    """An equal part of the time that is left."""
    if options.time_limit is None:
        return options
    return replace(options, time_limit=max(0.1, (options.time_limit - passed) / left))


def _retold(
    tell: Callable[[News], None] | None, name: str, passed: float
) -> Callable[[News], None] | None:
    """News of one goal among several: amounts only where they are money."""
    if tell is None:
        return None

    def retell(news: News) -> None:
        known = news if name in MONEY else replace(news, objective=None, bound=None)
        said = f"least {name.replace('_', ' ')}: {news.stage}"
        tell(replace(known, seconds=passed + news.seconds, stage=said))

    return retell


def held_at(value: float) -> float:
    """The most that a goal of a value may become while others come down [its unit in the model]."""
    return value + HELD * max(1.0, abs(value))


def aimed(compiled: CompiledModel, name: str, held: Mapping[str, float]) -> CompiledModel:
    """The model with a goal in place of its cost, and a row for each measure that is held.

    `held` says how far each may go, in the unit of the model.
    """
    matrix = compiled.matrix
    if held:
        vectors = {other: _vector(compiled, other) for other in held}
        limits = np.array([held[other] - offset for other, (_, offset) in vectors.items()])
        matrix = matrix.with_rows(vstack([row for row, _ in vectors.values()]), limits)
    if name not in MONEY:
        vector, offset = _vector(compiled, name)
        matrix = replace(matrix, cost=vector.toarray().ravel(), offset=offset)
    stand_ins = [compiled.model.net_present_cost] * len(held)
    return replace(compiled, matrix=matrix, constraints=compiled.constraints.also(stand_ins))


def _vector(compiled: CompiledModel, name: str) -> tuple[csc_array, float]:
    """A measure as one row over the model's variables, and its constant."""
    if name in MONEY:
        return csc_array(compiled.matrix.cost[None, :]), compiled.matrix.offset
    expression = measure(compiled.model, compiled.inst, name)
    row = np.zeros((1, len(compiled.variables)))
    if not pyo.is_potentially_variable(expression):
        return csc_array(row), float(expression)
    linear = generate_standard_repn(expression)
    columns = compiled.variables.find(linear.linear_vars)
    if (columns < 0).any():
        unknown = linear.linear_vars[int(np.argmin(columns))].name
        raise SolveError(f"{name} counts {unknown}, which stands in no row and no cost")
    np.add.at(row[0], columns, linear.linear_coefs)
    return csc_array(row), float(linear.constant)
