"""How an instance is solved: as one model, by a guided search on it, or by its operating states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.entities.method import Method
from models.equivalence import group_streams
from models.instance import Instance
from models.objectives import MONEY, OBJECTIVES
from models.standing import contingency_size

AT_ONCE = 50_000
"""Up to so many routes in contingency states the model has all of them from the start."""

MOST_TOGETHER = 1_000_000
"""Scenarios with more flows than this are not put into one model: it would take some 5 GB, and its
relaxation longer than most searches."""


@dataclass(frozen=True)
class Way:
    """How an instance is solved.

    Attributes:
        method: what it is called.
        why: why so, in words.
        states_on_demand: the model begins without contingency states.
        scenarios_apart: scenarios are never put into one model.
    """

    method: Method
    why: str
    states_on_demand: bool = False
    scenarios_apart: bool = False


def way(
    inst: Instance,
    asked: Method,
    own: Sequence[object] = (),
    goals: Sequence[str] | None = None,
    most: Mapping[str, float] | None = None,
) -> Way:
    """How to solve an instance, with further families and goals as `solve_with` has them.

    Own families may read what contingencies do, and goals other than cost may count it: then all
    contingency states stand in the model.

    Raises ValueError if there is nothing to decompose by though that is asked for.
    """
    goals = goals or OBJECTIVES[inst.objective]
    divisible = bool(inst.contingencies) and not (own or most or len(goals) > 1)
    divisible = divisible and goals[0] in MONEY
    if asked == "decompose":
        if not (divisible or inst.scenarios):
            raise ValueError(
                "nothing to decompose by: the instance has neither scenarios, nor contingencies "
                "whose states could be added one by one; ask for the method auto, search or "
                "monolith"
            )
        return Way(asked, "as asked", divisible, bool(inst.scenarios))
    if asked != "auto":
        return Way(asked, "as asked")
    futures = list(inst.scenario_instances.values()) or [inst]
    contingent = list(map(contingency_size, futures))
    states = max(contingent) if divisible else 0
    flows = sum(contingent) + sum(map(normal_size, futures))
    apart = bool(inst.scenarios) and flows > MOST_TOGETHER
    reasons = []
    if states > AT_ONCE:
        reasons.append(f"contingencies have {states:,} routes")
    if apart:
        reasons.append(f"all scenarios together have {flows:,} routes")
    if reasons:
        return Way("decompose", ", ".join(reasons), states > AT_ONCE, apart)
    return Way("search", f"about {flows:,} routes, in one model")


def check_parts(inst: Instance, how: Way) -> None:
    """Raise ValueError if a solve has no parts that a cluster could solve side by side."""
    if not (how.states_on_demand or (inst.scenarios and how.method != "monolith")):
        raise ValueError(
            "a cluster has nothing to do: this instance is solved in one piece by the method "
            f"{how.method}; there are parts where scenarios are searched side by side, and where "
            "contingencies are answered by the method decompose"
        )


def size(inst: Instance) -> int:
    """About how many routes the model of an instance has, contingencies included."""
    return normal_size(inst) + contingency_size(inst)


def normal_size(inst: Instance) -> int:
    """About how many routes the model of an instance has without contingencies."""
    groups = group_streams(inst, merge=True).values()
    return sum(len(group.demand_mtok_s) * len(group.network_price) for group in groups)
