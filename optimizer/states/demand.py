"""Whether contingency states are added on demand, and how many at a time."""

from collections.abc import Mapping, Sequence

from models.instance import Instance
from models.objectives import MONEY
from models.standing import contingency_size

AT_ONCE = 150_000
"""Up to so many routes in contingency states the model has all of them from the start."""

STATES_A_ROUND = 40
"""Most states that are added at a time."""

INNER = 0.7
"""Part of the gap for the search on some of the states; the rest is for those left out [ratio]."""

ADDED = "contingency_states_added"
"""What a plan's options call the number of states that were added."""


def on_demand(
    inst: Instance, own: Sequence[object], goals: Sequence[str], most: Mapping[str, float] | None
) -> bool:
    """True if the model of an instance begins without contingency states.

    Own families may read what contingencies do, and goals other than cost may count it: then, and
    where there are few, all states stand in the model.
    """
    if own or most or len(goals) > 1 or goals[0] not in MONEY or not inst.contingencies:
        return False
    return contingency_size(inst) > AT_ONCE
