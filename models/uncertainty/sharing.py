"""Shared decisions: what starts before scenarios can be told apart is decided alike in them.

Reads  open_site, hall, order, retire, grid_upgrade, network_option, convert, leased_mw,
       raise_level of each scenario's block
Adds   SHARED                            scenario, decision and its index, for each row of A1
       shared_decision_balance[w,x,i]    constraint (A1)
"""

from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from models.instance import Instance
from models.scenarios import together

DECISIONS = (
    "open_site",
    "hall",
    "order",
    "retire",
    "grid_upgrade",
    "network_option",
    "convert",
    "leased_mw",
    "raise_level",
)
"""The decisions that are shared; the last index of each is the period in which it is made."""


@dataclass(frozen=True)
class Shared:
    """A decision that several scenarios share.

    Attributes:
        name: the variable.
        index: its index; the last part is the period.
        scenarios: those that cannot be told apart in that period and have the variable.
        possible: False if one that cannot be told apart from them does not have it; then it is 0.
    """

    name: str
    index: tuple[str, ...]
    scenarios: tuple[str, ...]
    possible: bool


def shared_decisions(blocks: Any, inst: Instance) -> list[Shared]:
    """All decisions that scenarios share, in the order of the periods; `blocks` by scenario."""
    out = []
    for t, group in together(inst).items():
        for name in DECISIONS:
            having: dict[tuple[str, ...], list[str]] = {}
            for w in group:
                for index in blocks[w].component(name):
                    if index[-1] == t:
                        having.setdefault(index, []).append(w)
            out += [
                Shared(name, index, tuple(ones), len(ones) == len(group))
                for index, ones in having.items()
            ]
    return out


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Tie the shared decisions of the scenarios of model m together."""
    other: dict[tuple[str, ...], str | None] = {}
    for one in shared_decisions(m.scenario, inst):
        first = one.scenarios[0] if one.possible else None
        for w in one.scenarios:
            if w != first:
                other[w, one.name, *one.index] = first
    m.SHARED = pyo.Set(initialize=list(other), dimen=None)

    @m.Constraint(
        m.SHARED,
        doc="(A1) x[w,i] = x[v,i], or 0 where i is not in the model of each of them",
    )
    def shared_decision_balance(m, w, x, *i):
        first = other[(w, x, *i)]
        theirs = m.scenario[first].component(x)[i] if first else 0
        return m.scenario[w].component(x)[i] == theirs
