"""A rule beside those of the instance: a plan differs from earlier ones in so many sites.

A site is chosen by a plan if units are ordered for it; a site that is opened and left empty, or
lives on with what stood there at the start, is not.

Reads  order[s,u,t]                units ordered                               [units]
Adds   chosen[s]                   1 if units are ordered for s, else 0
       chosen_link[s,u,t]          constraint: no units where nothing is chosen
       chosen_minimum[s]           constraint: units where something is chosen

The model has this once for all plans. That a plan differs from an earlier one is a row below the
model's own: Σ_{s∈i} chosen[s] − Σ_{s∉i} chosen[s] ≤ |i| − least, for each plan i before  [sites].
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyomo.environ as pyo
from scipy.sparse import csr_array

from models.instance import Instance
from optimizer.compiling import CompiledModel
from optimizer.own import OwnFamily

NAME = "different-sites"
"""What messages call the rule."""


def chosen_sites(tables: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """The sites that a plan orders units for."""
    orders = tables["orders"]
    return frozenset(orders.loc[orders["units"] > 0, "site"])


def choice() -> OwnFamily:
    """What a plan chooses, as a family of constraints."""
    return OwnFamily(NAME, _add_to)


def _add_to(m: pyo.ConcreteModel, inst: Instance) -> None:  # noqa: ARG001
    orders_at: dict[str, list[tuple[str, str, str]]] = {}
    for key in m.ORDERS:
        orders_at.setdefault(key[0], []).append(key)
    m.CHOOSABLE = pyo.Set(initialize=list(orders_at))
    m.chosen = pyo.Var(m.CHOOSABLE, domain=pyo.Binary, doc="1 if units are ordered for s")

    @m.Constraint(m.ORDERS, doc="order[s,u,t] ≤ most_units[s,u,t] · chosen[s]  [units]")
    def chosen_link(m, s, u, t):
        return m.order[s, u, t] <= m.order[s, u, t].ub * m.chosen[s]

    @m.Constraint(m.CHOOSABLE, doc="Σ_{u,t} order[s,u,t] ≥ chosen[s]  [units]")
    def chosen_minimum(m, s):
        return sum(m.order[key] for key in orders_at[s]) >= m.chosen[s]


def chosen_columns(compiled: CompiledModel) -> dict[str, int]:
    """The column that says whether a site is chosen, by site."""
    return {
        compiled.variables[column].index(): column
        for column in compiled.variables.named("chosen").tolist()
    }


@dataclass(frozen=True)
class Different:
    """The rule: differ from each of the earlier plans' chosen sites in at least so many sites."""

    earlier: Sequence[frozenset[str]]
    least: int

    about = ()
    """No site has to be free to change sides more than any other."""

    def added_to(self, compiled: CompiledModel) -> CompiledModel:
        """A model that knows what is chosen, with a row for each earlier plan."""
        rows = np.zeros((len(self.earlier), len(compiled.variables)))
        for s, column in chosen_columns(compiled).items():
            rows[:, column] = [1.0 if s in one else -1.0 for one in self.earlier]
        most = np.array([float(len(one) - self.least) for one in self.earlier])
        stand_ins = [compiled.model.net_present_cost] * len(self.earlier)
        return replace(
            compiled,
            matrix=compiled.matrix.with_rows(csr_array(rows), most),
            constraints=compiled.constraints.also(stand_ins),
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
