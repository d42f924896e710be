"""Contingency states on demand: a model has those that matter, all others are answered one by one.

`evaluate` answers every state for what a plan has built · `search` adds states to the model until
the true cost of a plan is near enough to the bound.
"""

from optimizer.states.demand import ADDED, INNER, STATES_A_ROUND
from optimizer.states.evaluate import Evaluation, evaluate, fleet_of, own_cost
from optimizer.states.search import Priced, moved, price, search_states

__all__ = [
    "ADDED",
    "INNER",
    "STATES_A_ROUND",
    "Evaluation",
    "Priced",
    "evaluate",
    "fleet_of",
    "moved",
    "own_cost",
    "price",
    "search_states",
]
