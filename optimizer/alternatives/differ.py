"""A rule beside those of the instance: a plan differs from earlier ones in so many sites.

A site is chosen by a plan if units are ordered for it; a site that is opened and left empty, or
lives on with what stands there at the start, is not.

Reads  order[s,u,t]                units ordered                               [units]
Adds   chosen[s]                   1 if units are ordered for s, else 0
       chosen_link[s,u,t]          constraint: no units where nothing is chosen
       chosen_minimum[s]           constraint: units where something is chosen
       difference_minimum[i]       constraint: at least `least` sites differ from plan i
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyomo.environ as pyo

from models.instance import Instance
from optimizer.own import OwnFamily

NAME = "different-sites"
"""What messages call the rule."""


def chosen_sites(tables: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """The sites that a plan orders units for."""
    orders = tables["orders"]
    return frozenset(orders.loc[orders["units"] > 0, "site"])


@dataclass(frozen=True)
class Different:
    """The rule: differ from each of the earlier plans' chosen sites in at least so many sites."""

    earlier: Sequence[frozenset[str]]
    least: int

    def family(self) -> OwnFamily:
        """The rule as a family of constraints."""
        return OwnFamily(NAME, self.add_to)

    def add_to(self, m: pyo.ConcreteModel, inst: Instance) -> None:  # noqa: ARG002
        """Add the rule to model m."""
        orders_at: dict[str, list[tuple[str, str, str]]] = {}
        for key in m.ORDERS:
            orders_at.setdefault(key[0], []).append(key)
        m.CHOOSABLE = pyo.Set(initialize=list(orders_at))
        m.EARLIER = pyo.RangeSet(0, len(self.earlier) - 1)
        m.chosen = pyo.Var(m.CHOOSABLE, domain=pyo.Binary, doc="1 if units are ordered for s")

        @m.Constraint(m.ORDERS, doc="order[s,u,t] ≤ most_units[s,u,t] · chosen[s]  [units]")
        def chosen_link(m, s, u, t):
            return m.order[s, u, t] <= m.order[s, u, t].ub * m.chosen[s]

        @m.Constraint(m.CHOOSABLE, doc="Σ_{u,t} order[s,u,t] ≥ chosen[s]  [units]")
        def chosen_minimum(m, s):
            return sum(m.order[key] for key in orders_at[s]) >= m.chosen[s]

        @m.Constraint(m.EARLIER, doc="Σ_{s∈i} (1 − chosen[s]) + Σ_{s∉i} chosen[s] ≥ least  [sites]")
        def difference_minimum(m, i):
            return (
                sum(1 - m.chosen[s] if s in self.earlier[i] else m.chosen[s] for s in m.CHOOSABLE)
                >= self.least
            )

    def broken(self, tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
        """What is wrong with a plan by this rule, read off its orders."""
        chosen = chosen_sites(tables)
        for number, other in enumerate(self.earlier):
            if len(chosen ^ other) < self.least:
                yield (
                    f"the plan differs from plan {number:02d} in {len(chosen ^ other)} sites; "
                    f"{self.least} were asked for"
                )
