"""Stream costs: what tokens cost to carry, cost where they are not made, and earn.

Each is a name for a sum over streams, and a row that says so; on the way to the solver the sum
stands for the name.

Reads  flow[j,s,o]             mean tokens made                          [Mtok/s]
       shortfall[j,o]          mean tokens not served                    [Mtok/s]
Adds   network_musd[n]         carrying tokens and data, discounted      [MUSD]
       shortfall_musd[n]       what is not served, discounted            [MUSD]
       earned_musd[n]          what tokens earn, discounted              [MUSD]
       network_balance[n]      constraint (D3)                           [MUSD]
       shortfall_balance[n]    constraint (D4)                           [MUSD]
       earned_balance[n]       constraint (D5)                           [MUSD]
"""

from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo

from models import prices
from models.entities.work import Workload
from models.families.demand import most_shortfall
from models.families.throughput import most_flow
from models.finance import discount_middle
from models.instance import Instance
from models.wide import Addends, Floats, Positions, WideConstraint, WideVar


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add what streams cost and earn to model m."""

    def per_token() -> Floats:
        weight = {
            o: state.probability * discount_middle(inst, state.period)
            for o, state in inst.states.items()
        }
        return np.array([prices.per_token(inst, weight[o], o) for o in weight])

    def by_workload(
        variable: WideVar, j: Positions, o: Positions, price: Callable[[Workload], float | None]
    ) -> Addends:
        kinds = (inst.workloads[group.workload] for group in m.groups.values())
        usd_per_mtok = np.array([price(kind) or 0.0 for kind in kinds])
        return Addends(variable, np.zeros(len(j), int), per_token()[o] * usd_per_mtok[j])

    def network() -> Addends:
        j, s, o = m.FLOWS.tuples.codes
        price = np.zeros((len(m.groups), len(inst.sites)))
        for row, group in zip(price, m.groups.values(), strict=True):
            row[:] = [group.network_price.get(site, 0.0) for site in inst.sites]
        return Addends(m.flow, np.zeros(len(j), int), per_token()[o] * price[j, s])

    def shortfall() -> Addends:
        j, o = m.DEMANDS.tuples.codes
        return by_workload(m.shortfall, j, o, lambda kind: kind.shortfall_price_usd_per_mtok)

    def earned() -> Addends:
        j, _, o = m.FLOWS.tuples.codes
        return by_workload(m.flow, j, o, lambda kind: kind.revenue_usd_per_mtok)

    _add_sum(
        *(m, "network", network, lambda: most_flow(m, inst)),
        doc="(D3) Σ_{j,s,o} carried_musd[j,s,o] · flow[j,s,o] = network_musd[n]  [MUSD]",
    )
    _add_sum(
        *(m, "shortfall", shortfall, lambda: most_shortfall(m, inst)),
        doc="(D4) Σ_{j,o} missing_musd[j,o] · shortfall[j,o] = shortfall_musd[n]  [MUSD]",
    )
    _add_sum(
        *(m, "earned", earned, lambda: most_flow(m, inst)),
        doc="(D5) Σ_{j,s,o} earned_musd_per_flow[j,o] · flow[j,s,o] = earned_musd[n]  [MUSD]",
    )


def _add_sum(
    m: pyo.ConcreteModel,
    name: str,
    addends: Callable[[], Addends],
    most: Callable[[], Floats],
    doc: str,
) -> None:
    """Add a variable that is a name for a sum, and the row that says so.

    `most` is the most that each of what it adds up can be.
    """

    def ends(_: pyo.ConcreteModel, __: str) -> tuple[float, float]:
        highest = addends().factors * most()
        return float(np.minimum(highest, 0.0).sum()), float(np.maximum(highest, 0.0).sum())

    m.add_component(f"{name}_musd", pyo.Var([name], bounds=ends))
    total = m.component(f"{name}_musd")
    m.add_component(
        f"{name}_balance",
        WideConstraint(
            [name],
            left=lambda: [addends()],
            sense="==",
            right=lambda n: total[n],
            defines=total,
            doc=doc,
        ),
    )
