"""Index sets: what exists in the model; whatever is impossible is absent (formulation §1)."""

from collections import defaultdict

import pyomo.environ as pyo

from models.equivalence import group_streams
from models.instance import Instance
from models.rentals import rentable_mtok_s
from models.wide import Tuples, TupleSet


def add_to(m: pyo.ConcreteModel, inst: Instance, *, merge: bool) -> None:
    """Add the index sets to model m, and what rules look up: `groups`, `period_of`, `sites_of` …"""
    m.groups = group_streams(inst, merge=merge)
    m.period_of = {o: state.period for o, state in inst.states.items()}
    m.states_of = {t: [o for o in inst.states if m.period_of[o] == t] for t in inst.periods}
    _add_basic(m, inst)
    _add_fleet(m, inst)
    _add_operation(m, inst)
    _add_rentals(m, inst)


def _add_basic(m: pyo.ConcreteModel, inst: Instance) -> None:
    m.SITES = pyo.Set(initialize=list(inst.sites))
    m.UNIT_TYPES = pyo.Set(initialize=list(inst.unit_types))
    m.WORKLOADS = pyo.Set(initialize=list(inst.workloads))
    m.PERIODS = pyo.Set(initialize=list(inst.periods))
    m.STATES = pyo.Set(initialize=list(inst.states))
    m.STREAMS = pyo.Set(initialize=list(m.groups))
    m.GRID_REGIONS = pyo.Set(initialize=list(inst.grid_regions))
    m.QUOTAS = pyo.Set(initialize=list(inst.quotas))
    m.POOLS = pyo.Set(initialize=list(inst.budget.pools))
    m.OPEX_CAPS = pyo.Set(initialize=list(inst.budget.opex_caps))
    m.CARBON_CAPS = pyo.Set(initialize=list(inst.carbon.caps))
    m.EFFICIENCY_FLOORS = pyo.Set(initialize=list(inst.efficiency_floors))
    m.HALL_ORDERS = pyo.Set(initialize=list(inst.hall_services), dimen=2)
    m.ORDERS = pyo.Set(initialize=list(inst.services), dimen=3)
    m.CONVERSIONS = pyo.Set(initialize=list(inst.conversion_services), dimen=2)
    m.LEASES = pyo.Set(initialize=list(inst.lease_terms), dimen=2)
    names = list(inst.periods)
    m.before = dict(zip(names[1:], names, strict=False))


def _add_fleet(m: pyo.ConcreteModel, inst: Instance) -> None:
    """FLEET, and by (s, u) and period: orders that enter service, and that have left it."""
    after = {before: t for t, before in m.before.items()}
    m.entering, m.leaving = defaultdict(list), defaultdict(list)
    m.in_service = {(s, u, t) for (s, u, t), units in inst.initial_online.items() if units}
    for (s, u, t), serves in inst.services.items():
        m.entering[s, u, serves[0]].append(t)
        m.in_service.update((s, u, served) for served in serves)
        if left := after.get(serves[-1]):
            m.leaving[s, u, left].append(t)
    present = {(s, u) for s, u, _ in (*inst.services, *m.in_service)}
    m.FLEET = pyo.Set(
        initialize=[(s, u) for s in inst.sites for u in inst.unit_types if (s, u) in present],
        dimen=2,
    )
    m.types_at = {s: [] for s in inst.sites}
    for s, u in m.FLEET:
        m.types_at[s].append(u)
    m.halls_entering, m.halls_leaving = defaultdict(list), defaultdict(list)
    for (s, t), serves in inst.hall_services.items():
        m.halls_entering[s, serves[0]].append(t)
        if left := after.get(serves[-1]):
            m.halls_leaving[s, left].append(t)


def _add_operation(m: pyo.ConcreteModel, inst: Instance) -> None:
    """DEMANDS, FLOWS and RUNS, and their neighbours by stream and by site."""
    able = {(u, row.workload) for row in inst.throughput if row.mtok_s for u in (row.unit_type,)}
    m.runs_at = defaultdict(list)
    for s, u in m.FLEET:
        for o, t in m.period_of.items():
            if (s, u, t) in m.in_service:
                for k in inst.workloads:
                    if (u, k) in able:
                        m.runs_at[s, k, o].append(u)
    raisable = {(s, t) for (s, _), used in inst.control_plane_use.items() for t in used}
    m.sites_of, m.streams_at = defaultdict(list), defaultdict(list)
    for j, group in m.groups.items():
        for o in group.demand_mtok_s:
            for s in group.network_price:
                types = m.runs_at.get((s, group.workload, o), ())
                steered = s not in group.raised or (s, m.period_of[o]) in raisable
                if steered and not group.barred.issuperset(types):
                    m.sites_of[j, o].append(s)
                    m.streams_at[s, group.workload, o].append(j)
    m.runs_at = {key: types for key, types in m.runs_at.items() if key in m.streams_at}
    names = list(m.groups), list(inst.states)
    demands = [(j, o) for j, group in m.groups.items() for o in group.demand_mtok_s]
    m.DEMANDS = TupleSet(Tuples.of(demands, names))
    m.FLOWS = TupleSet(Tuples.routes(m.sites_of, list(inst.sites), names))
    m.SERVING = TupleSet(Tuples.of(m.runs_at, (list(inst.sites), list(inst.workloads), names[1])))
    m.RUNS = pyo.Set(
        initialize=[(s, u, k, o) for (s, k, o), types in m.runs_at.items() for u in types], dimen=4
    )
    m.workloads_of = defaultdict(list)
    for s, u, k, o in m.RUNS:
        m.workloads_of[s, u, o].append(k)


def _add_rentals(m: pyo.ConcreteModel, inst: Instance) -> None:
    """RENTS, and by stream and state the offers that it may buy from."""
    m.rents_of = defaultdict(list)
    for j, o in m.DEMANDS:
        for x in m.groups[j].offers:
            if rentable_mtok_s(inst, x, m.period_of[o]) > 0:
                m.rents_of[j, o].append(x)
    m.RENTS = pyo.Set(
        initialize=[(j, x, o) for (j, o), offers in m.rents_of.items() for x in offers], dimen=3
    )
