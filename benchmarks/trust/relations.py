"""The optimum of instances changed in ways whose effect is foretold."""

from math import inf
from pathlib import Path

from benchmarks.trust.differential import raw_any, same, solve_again
from benchmarks.trust.part import Outcome
from models.instance import Instance
from tests.properties.relations import RELATIONS
from tests.properties.together import switched


def attempt(seed: int, folder: Path) -> Outcome:  # noqa: ARG001 - nothing is written
    """Solve an instance and each of its changed ones."""
    raw = switched(raw_any(seed), seed, without=("objectives",))
    first = _optimum(Instance.model_validate(raw))
    off = []
    for name, relation in RELATIONS.items():
        other = _optimum(Instance.model_validate(relation.change(raw, seed)))
        if not same(other / relation.factor, first):
            off.append(f"{name}: {other / relation.factor} in place of {first}")
    if off:
        return Outcome("disagreement", bad=True, words="\n".join(off))
    return Outcome("infeasible, and stays so" if first == inf else f"{len(RELATIONS)} as foretold")


def _optimum(inst: Instance) -> float:
    plan = solve_again(inst)
    if plan.objective_musd is None:
        return inf if plan.status == "infeasible" else float("nan")
    return plan.objective_musd if plan.verified else float("nan")
