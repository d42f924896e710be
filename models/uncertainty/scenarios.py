"""Scenarios: the whole model once for each, side by side (formulation §8).

Adds   SCENARIOS                         index set w
       scenario[w]                       block with all sets, variables and constraints of §1 to §4
       optional                          the variables that a plan may leave at 0, of all blocks
       what `sharing` and `risk` add
"""

from collections.abc import Iterable, Sequence
from typing import Any

import pyomo.environ as pyo

from models.instance import Instance
from models.uncertainty import risk, sharing


def add_to(m: pyo.ConcreteModel, inst: Instance, steps: Sequence[Any]) -> None:
    """Add a block for each scenario, made by `steps` from its own instance, and what ties them.

    The objectives of the blocks are not active; they are read as the scenarios' costs.
    """
    m.SCENARIOS = pyo.Set(initialize=list(inst.scenarios))
    m.scenario = pyo.Block(m.SCENARIOS)
    for w, future in inst.scenario_instances.items():
        for step in steps:
            step(m.scenario[w], future)
        m.scenario[w].net_present_cost.deactivate()
    m.optional = [variable for w in m.SCENARIOS for variable in m.scenario[w].optional]
    sharing.add_to(m, inst)
    risk.add_to(m, inst)


def blocks(m: pyo.ConcreteModel, inst: Instance) -> Iterable[Any]:
    """The blocks that hold the families: one for each scenario, or the model itself."""
    return m.scenario.values() if inst.scenarios else (m,)
