"""The optimum of random instances of all families, found by ways that share as little as can be.

Every seed is solved by branch and bound on one model, by the guided search, and by decomposition
where the instance can be divided; each plan has to pass the checker. Beside them stands what scipy
finds on another formulation: of whole years one that is written down without Pyomo and without
our models (tests/properties/all_by_hand.py); of others the model with second formulations of
single families; of scenarios the model of all of them at once.
"""

from collections.abc import Callable
from functools import cache, partial
from math import inf
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.trust.part import Outcome
from models.build import build_model
from models.entities.method import Method
from models.instance import Instance
from models.problems import InstanceError
from optimizer.highs import Crew
from optimizer.options import resolve
from optimizer.own import compile_with
from optimizer.plan.plan import Plan
from optimizer.solve import Tools, solve_with
from tests.properties.all_by_hand import formulate_all, with_some
from tests.properties.slices import with_slices
from tests.properties.strategies import any_instance, yearly_instance
from tests.properties.test_together_twice import SECOND, least
from tests.properties.test_together_uncertain import uncertain
from tests.properties.together import bound, possible, short, switched
from tests.small import optimum

SAME = 1e-6
"""Optima differ by no more [ratio of the larger of 1 and the optimum]."""


def attempt(seed: int, folder: Path) -> Outcome:  # noqa: ARG001 - nothing is written
    """Find one optimum by all ways, and compare."""
    made = DRAWN[seed % len(DRAWN)](seed)
    if made is None:
        return Outcome("no instance")
    inst, others = made
    found = {name: way() for name, way in others.items()}
    doubts = []
    for method in ("monolith", "search", "decompose"):
        try:
            plan = solve_again(inst, method)  # type: ignore[arg-type]
        except ValueError:
            continue  # There is nothing to decompose by.
        if plan.objective_musd is None:
            doubts += [] if plan.status == "infeasible" else [f"{method}: {plan.status}"]
            found[method] = inf
            continue
        doubts += [] if plan.verified else [f"{method}: {plan.violations}"]
        if plan.status == "optimal":
            found[method] = plan.objective_musd
        elif method == "decompose" and plan.bound_musd is not None:
            doubts += _outside(plan.bound_musd, plan.objective_musd, min(found.values()))
        else:
            doubts.append(f"{method}: {plan.status}")
    return _compared(found, doubts)


@cache
def _tools() -> Tools:
    """Solver processes for all seeds: they end with this one."""
    return Tools(Crew(), partial(compile_with, ()))


def solve_again(inst: Instance, method: Method = "auto") -> Plan:
    """The plan of an instance without any gap, by solver processes that stay."""
    return solve_with(_tools(), inst, resolve(inst, 0.0, None, None, None, method))


def _outside(bound: float, objective: float, best: float) -> list[str]:
    """A decomposition that stopped early may leave a gap, but the optimum must lie in it."""
    inside = bound <= best + SAME * max(1.0, abs(best)) and best <= objective + SAME * max(
        1.0, abs(objective)
    )
    return [] if inside else [f"decompose: between {bound} and {objective}"]


def _compared(found: dict[str, float], doubts: list[str]) -> Outcome:
    best = min(found.values())
    off = {name: x for name, x in found.items() if not same(x, best)}
    if off or doubts:
        words = f"{found}\n" + "\n".join(doubts)
        return Outcome("disagreement" if off else "doubt", bad=True, words=words)
    if best == inf:
        return Outcome("all infeasible")
    return Outcome(f"{len(found)} agree")


def same(one: float, other: float) -> bool:
    """True if two optima are the same, up to the tolerance."""
    return one == other or abs(one - other) <= SAME * max(1.0, abs(other))


Ways = dict[str, Callable[[], float]]
Made = tuple[Instance, Ways] | None


def _by_hand(seed: int) -> Made:
    """Whole years, and the formulation that knows nothing of models/."""
    raw = yearly_instance(2, seed)
    if seed % 2:
        raw = with_slices(raw, seed)
    full = possible(with_some(raw, seed))
    return Instance.model_validate(full), {"by hand": lambda: formulate_all(full).optimum()}


def _any(seed: int) -> Made:
    """All families, and second formulations of retirement and commitments."""
    inst = Instance.model_validate(switched(raw_any(seed), seed, without=("objectives",)))
    if Random(seed + 1).random() < 0.3:
        inst = bound(inst, seed)
    return inst, {
        "second formulations": lambda: least(build_model(inst, SECOND), inst),
        "scipy": lambda: optimum(inst),
    }


def _uncertain(seed: int) -> Made:
    """Two futures on top of all families."""
    try:
        inst = uncertain(raw_any(seed), seed)
    except InstanceError:
        return None
    return inst, {"scipy": lambda: optimum(inst)}


def raw_any(seed: int) -> dict[str, Any]:
    """Plain data of an instance of two periods at most, with slices or without."""
    raw = any_instance(seed)
    return short(with_slices(raw, seed) if seed % 3 == 0 else raw)


DRAWN = (*(_by_hand, _any) * 4, _by_hand, _uncertain)
"""How instances are drawn, by turns."""
