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
from models.wide import Addends, Floats, WideConstraint


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add what streams cost and earn to model m."""

    def per_token() -> Floats:
        weight = {
            o: state.probability * discount_middle(inst, state.period)
            for o, state in inst.states.items()
        }
        return np.array([prices.per_token(inst, weight[o], o) for o in weight])

    def by_stream(price: Callable[[Workload], float | None]) -> Floats:
        kinds = (inst.workloads[group.workload] for group in m.groups.values())
        return np.array([price(kind) or 0.0 for kind in kinds])

    def network() -> Addends:
        j, s, o = m.FLOWS.tuples.codes
        price = np.zeros((len(m.groups), len(inst.sites)))
        for row, group in zip(price, m.groups.values(), strict=True):
            row[:] = [group.network_price.get(site, 0.0) for site in inst.sites]
        return Addends(m.flow, np.zeros(len(j), int), per_token()[o] * price[j, s])

    def shortfall() -> Addends:
        j, o = m.DEMANDS.tuples.codes
        price = by_stream(lambda kind: kind.shortfall_price_usd_per_mtok)
        return Addends(m.shortfall, np.zeros(len(j), int), per_token()[o] * price[j])

    def earned() -> Addends:
        j, _, o = m.FLOWS.tuples.codes
        price = by_stream(lambda kind: kind.revenue_usd_per_mtok)
        return Addends(m.flow, np.zeros(len(j), int), per_token()[o] * price[j])

    m.network_musd = _total("network", network, lambda: most_flow(m, inst))
    m.network_balance = WideConstraint(
        ["network"],
        left=lambda: [network()],
        sense="==",
        right=lambda n: m.network_musd[n],
        defines=m.network_musd,
        doc="(D3) Σ_{j,s,o} carried_musd[j,s,o] · flow[j,s,o] = network_musd[n]  [MUSD]",
    )
    m.shortfall_musd = _total("shortfall", shortfall, lambda: most_shortfall(m, inst))
    m.shortfall_balance = WideConstraint(
        ["shortfall"],
        left=lambda: [shortfall()],
        sense="==",
        right=lambda n: m.shortfall_musd[n],
        defines=m.shortfall_musd,
        doc="(D4) Σ_{j,o} missing_musd[j,o] · shortfall[j,o] = shortfall_musd[n]  [MUSD]",
    )
    m.earned_musd = _total("earned", earned, lambda: most_flow(m, inst))
    m.earned_balance = WideConstraint(
        ["earned"],
        left=lambda: [earned()],
        sense="==",
        right=lambda n: m.earned_musd[n],
        defines=m.earned_musd,
        doc="(D5) Σ_{j,s,o} earned_musd_per_flow[j,o] · flow[j,s,o] = earned_musd[n]  [MUSD]",
    )


def _total(name: str, addends: Callable[[], Addends], most: Callable[[], Floats]) -> pyo.Var:
    """A variable for a sum; `most` is the most that each of what it adds up can be."""

    def ends(_: pyo.ConcreteModel, __: str) -> tuple[float, float]:
        highest = addends().factors * most()
        return float(np.minimum(highest, 0.0).sum()), float(np.maximum(highest, 0.0).sum())

    return pyo.Var([name], bounds=ends)
