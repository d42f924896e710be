"""Portability: who made what in each period, and how much of it moved."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.plan import Plan, total


def work_moved(facts: Facts, plan: Plan) -> tuple[Floats, Floats]:
    """What moved [Mtok/s] and what it costs [MUSD], by workload, kind and period.

    The kinds are operator and generation. Where moving has no price, nothing is told.
    """
    inst, streams, flows = facts.inst, facts.streams, plan.flows
    workloads = inst.workloads.values()
    shape = (len(workloads), facts.calendar.count)
    share = facts.slices.share
    operators = _codes([site.operator for site in inst.sites.values()])
    generations = _codes([unit.generation for unit in inst.unit_types.values()])
    by_operator = total(
        (shape[0], int(operators.max()) + 1, shape[1]),
        (flows.workload, operators[flows.site], flows.period),
        share[flows.slice] * flows.mtok_s,
    )
    reached = facts.tokens * plan.utilisation
    done = np.einsum("suktx,sukt,k,x->ukt", plan.runs, reached, 1.0 / facts.peak, share)
    by_generation = np.zeros((shape[0], int(generations.max()) + 1, shape[1]))
    np.add.at(by_generation.swapaxes(0, 1), generations, done)
    asked = np.zeros(shape)
    np.add.at(asked, streams.workload, streams.demand @ share)
    prices = np.array(
        [[w.port_operator_musd_per_mtok_s, w.port_generation_musd_per_mtok_s] for w in workloads]
    )
    moved = np.zeros((shape[0], 2, shape[1]))
    for kind, made in enumerate((by_operator, by_generation)):
        lost = np.maximum(made[:, :, :-1] - made[:, :, 1:], 0.0).sum(axis=1)
        less = np.maximum(asked[:, :-1] - asked[:, 1:], 0.0)
        moved[:, kind, 1:] = np.maximum(lost - less, 0.0)
    moved *= prices[:, :, None] > 0
    return moved, moved * prices[:, :, None]


def _codes(names: list[str]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """A number for each name, the same for the same."""
    return np.asarray(pd.factorize(np.array(names, dtype=object))[0], dtype=np.int64)
