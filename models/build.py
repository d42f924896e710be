"""The model: index sets, then one constraint family after the other."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pyomo.environ as pyo

from models import lean, sets, uncertainty  # noqa: F401 - lean before scipy
from models.families import (
    budget,
    capacity,
    clusters,
    commitments,
    concentration,
    contingencies,
    contingency_holding,
    contingency_limits,
    control_plane,
    conversion,
    costs,
    deferral,
    demand,
    efficiency,
    emissions,
    halls,
    lease,
    model_families,
    network_options,
    network_power,
    opex_caps,
    origin,
    portability,
    power,
    rental,
    reserve,
    retirement,
    siting,
    soft,
    stream_costs,
    sufficiency,
    supply,
    throughput,
    upgrades,
    volume,
    water,
)
from models.instance import Instance

Family = Callable[[pyo.ConcreteModel, Instance], None]

FAMILIES: tuple[Family, ...] = (
    soft.add_to,
    siting.add_to,
    retirement.add_to,
    upgrades.add_to,
    capacity.add_to,
    network_options.add_to,
    conversion.add_to,
    lease.add_to,
    halls.add_to,
    power.add_to,
    supply.add_to,
    clusters.add_to,
    throughput.add_to,
    network_power.add_to,
    reserve.add_to,
    deferral.add_to,
    rental.add_to,
    demand.add_to,
    control_plane.add_to,
    origin.add_to,
    sufficiency.add_to,
    concentration.add_to,
    volume.add_to,
    contingencies.add_to,
    contingency_limits.add_to,
    portability.add_to,
    model_families.add_to,
    contingency_holding.add_to,
    opex_caps.add_to,
    emissions.add_to,
    efficiency.add_to,
    water.add_to,
    commitments.add_to,
    budget.add_to,
    stream_costs.add_to,
    costs.add_to,
)
"""The families of the model, in an order in which each finds what it reads."""


def build_model(
    inst: Instance, families: Sequence[Family] = FAMILIES, *, merge: bool = False
) -> pyo.ConcreteModel:
    """Return the Pyomo model of an instance.

    Args:
        inst: the instance.
        families: functions `add_to(m, inst)`, called in turn; add your own to FAMILIES.
        merge: make equivalent streams one (formulation §6).

    Beside the components of its families the model has `optional`: the variables that a plan may
    leave at 0 without breaking another's constraint. An instance with scenarios has all of that
    once for each, in the blocks `scenario[w]` (formulation §8).
    """
    m = pyo.ConcreteModel(name=inst.name)
    with collector_paused():
        if inst.scenarios:
            uncertainty.add_to(m, inst, steps(families, merge=merge))
            return m
        for add_to in steps(families, merge=merge):
            add_to(m, inst)
    return m


def steps(families: Sequence[Family] = FAMILIES, *, merge: bool) -> tuple[Family, ...]:
    """What makes a model, in turn: index sets, families, and what a plan may leave at 0."""
    return (partial(sets.add_to, merge=merge), *families, _name_optional)


def _name_optional(m: pyo.ConcreteModel, _: Instance) -> None:
    m.optional = [m.order, m.hall, m.run, m.flow, m.convert, m.leased_mw, m.rent]
    m.optional += [m.contingency_run, m.contingency_flow, m.contingency_rent]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Millions of small lasting objects: the collector would only look at them again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
