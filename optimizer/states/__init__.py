"""Contingency states on demand: a model has those that matter, all others are answered one by one.

`evaluate` answers every state for what a plan has built · `search` adds states to the model until
the true cost of a plan is near enough to the bound.
"""

from optimizer.states.demand import on_demand
from optimizer.states.evaluate import Evaluation, evaluate, fleet_of, own_cost
from optimizer.states.search import search_states

__all__ = ["Evaluation", "evaluate", "fleet_of", "on_demand", "own_cost", "search_states"]
