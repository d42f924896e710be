"""Clusters and network options on random small instances.

The second formulation tries every way to order network options. With those settled, what works is
a number, so that nothing has to be linearised; and clusters have a whole number of units and both
ends of each step, as one would write them without a thought for size.
"""

from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from math import ceil
from random import Random
from typing import Any

import pyomo.environ as pyo
import pytest
from hypothesis import event, given

from models.build import FAMILIES, Family, build_model
from models.families import clusters, network_options, network_power
from models.families.capacity import most_online
from models.instance import Instance
from models.prices import idle_energy_mwh, work_energy_mwh
from optimizer import solve
from optimizer.compiling import compile_model
from tests.properties.common import SEEDS, assert_reused, close, examples
from tests.properties.dependence import with_dependence
from tests.properties.strategies import instances
from tests.small import milp_solution, optimum

Choice = dict[tuple[str, str, str], int]
"""1 for the network options that are ordered, by site, option and period."""


UTILISATIONS = [{}, {1: 0.9}, {1: 0.95, 2: 0.8}, {2: 0.9, 4: 0.6}, {1: 1, 3: 0.5, 4: 0.45}]


def made(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """The instance with clusters of one workload or both, and one or two network options."""
    dice = Random(seed)
    more = deepcopy(raw)
    for site in more["sites"].values():
        site["network_tiers"] = dice.choice([["fibre"], ["fibre"], ["fibre", "light"], []])
    for k, workload in more["workloads"].items():
        if k == "k0" or dice.random() < 0.5:
            workload["cluster"] = {
                "min_units": dice.choice([0, 1, 2, 3]),
                "network_tier": dice.choice([None, None, "fibre"]),
                "utilisation": dice.choice(UTILISATIONS),
            }
    if dice.random() < 0.3 and "slices" not in more:
        more["slices"] = {
            "day": {"from_hour": 6, "hours": 12},
            "night": {"from_hour": 18, "hours": 12},
        }
        more["workloads"]["k0"] |= {"daily_profile": [1] * 8 + [3] * 10 + [1] * 6}
    more["network_options"] = {
        f"n{i}": {
            "sites": [dice.choice(list(more["sites"]))],
            "requires_tier": dice.choice([None, None, "fibre"]),
            "cost_musd": dice.choice([0, 0, 0.2, 2]),
            "unit_opex_musd_per_year": dice.choice([0, 0, 0.1]),
            "power_saved_share": dice.choice([0.05, 0.4, 0.6]),
            "utilisation": dice.choice([{}, {1: 0.95}, {1: 1, 3: 0.7}, {1: 0.5}]),
            "lead_months": dice.choice([0, 0, 7]),
            "available_from": dice.choice([None, None, "2028-01-01"]),
        }
        for i in range(dice.randint(1, 2))
    }
    return more


def settled(chosen: Choice) -> Family:
    """Network options that are ordered as chosen: what works is a number."""

    def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
        works = {
            (s, n, t)
            for (s, n, τ), ordered in chosen.items()
            for t in inst.network_option_services[s, n, τ]
            if ordered
        }
        m.NETWORK_OPTIONS = pyo.Set(initialize=list(chosen), dimen=3)
        m.network_option = pyo.Var(
            m.NETWORK_OPTIONS, bounds=lambda m, *key: (chosen[key], chosen[key])
        )
        m.at_open_sites = pyo.Constraint(
            m.NETWORK_OPTIONS,
            rule=lambda m, s, n, t: m.network_option[s, n, t] <= m.is_open[s, t],
        )
        m.working = works
        places = inst.network_options_at.items()
        at = [(s, n, u, t) for (s, t), names in places for n in names for u in m.types_at[s]]
        m.NETWORKED = pyo.Set(initialize=at, dimen=4)
        m.networked = pyo.Expression(
            m.NETWORKED,
            rule=lambda m, s, n, u, t: m.online[s, u, t] if (s, n, t) in works else 0,
        )
        m.SAVING = pyo.Set(initialize=sorted({(s, t) for s, _, t in works}), dimen=2)
        m.saved_mw = pyo.Expression(
            m.SAVING,
            rule=lambda m, s, t: sum(
                inst.network_options[n].power_saved_share * inst.meter_mw(s, u) * m.online[s, u, t]
                for n in inst.network_options
                if (s, n, t) in works
                for u in m.types_at[s]
            ),
        )

    return add_to


def counted(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Clusters by whole units at work, with both ends of each step."""
    m.CLUSTERED = pyo.Set(
        initialize=[
            k
            for k, one in inst.workloads.items()
            if one.cluster.min_units or one.cluster.utilisation
        ]
    )
    m.CLUSTER_RUNS = pyo.Set(initialize=[r for r in m.RUNS if r[2] in m.CLUSTERED], dimen=4)
    m.cluster_total = pyo.Var(m.CLUSTER_RUNS, bounds=(0, 99))
    m.made_of = pyo.ConstraintList()
    places: dict[tuple[str, str, str, str], list[str]] = {}
    for s, u, k, o in m.CLUSTER_RUNS:
        places.setdefault((s, u, k, m.period_of[o]), []).append(o)
    found: dict[tuple[str, ...], Any] = {}
    index = []
    for s, u, k, t in places:
        options = [n for n in inst.network_options if (s, n, t) in m.working]
        own = inst.workloads[k].cluster.utilisation
        table = next(
            (
                inst.network_options[n].utilisation
                for n in options
                if inst.network_options[n].utilisation
            ),
            own,
        ) or {1: 1.0}
        most = ceil(most_online(inst, s, u, t)) + 1
        begins = [0, *list(table)[1:]]
        ends = [*(first - 1 for first in list(table)[1:]), most]
        index += [
            (s, u, k, t, i, low, high, ratio)
            for i, (low, high, ratio) in enumerate(zip(begins, ends, table.values(), strict=True))
            if low <= high
        ]
    m.stands = pyo.Var(range(len(index)), domain=pyo.Binary)
    m.size = pyo.Var(range(len(index)), domain=pyo.Integers, bounds=(0, 99))
    m.part = pyo.Var(
        [(j, o) for j, row in enumerate(index) for o in places[row[:4]]], bounds=(0, 99)
    )
    for j, (s, u, k, t, _, low, high, ratio) in enumerate(index):
        m.made_of.add(m.size[j] <= high * m.stands[j])
        m.made_of.add(m.size[j] >= low * m.stands[j])
        least = inst.workloads[k].cluster.min_units
        if least:
            m.made_of.add(m.online[s, u, t] >= least * m.stands[j])
        for o in places[s, u, k, t]:
            m.made_of.add(m.part[j, o] <= m.size[j])
            found.setdefault((s, u, k, o), []).append((ratio, m.part[j, o]))
    for place in places:
        m.made_of.add(sum(m.stands[j] for j, row in enumerate(index) if row[:4] == place) <= 1)
    for key, parts in found.items():
        m.made_of.add(m.cluster_total[key] == sum(part for _, part in parts))
    m.cluster_run = pyo.Expression(
        m.CLUSTER_RUNS, rule=lambda m, *key: sum(ratio * part for ratio, part in found[key])
    )


def saved_energy(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Energy that is saved: a fixed part of what units draw."""
    m.saving = {}
    for s, n, t in m.working:
        m.saving.setdefault((s, t), []).append(n)
    m.networked_run = pyo.Expression(
        [(s, n, u, k, o) for s, u, k, o in m.RUNS for n in m.saving.get((s, m.period_of[o]), ())],
        rule=lambda m, s, n, u, k, o: m.run[s, u, k, o],
    )
    m.ENERGY_SAVING = pyo.Set(
        initialize=[(s, o) for o, t in m.period_of.items() for s in m.SITES if (s, t) in m.SAVING],
        dimen=2,
    )

    def saved(m: pyo.ConcreteModel, s: str, o: str) -> Any:
        t = m.period_of[o]
        share = sum(
            inst.network_options[n].power_saved_share
            for n in inst.network_options
            if (s, n, t) in m.working
        )
        return share * sum(
            idle_energy_mwh(inst, s, u, o) * m.online[s, u, t]
            + sum(
                work_energy_mwh(inst, s, u, k, o) * m.run[s, u, k, o]
                for k in m.workloads_of.get((s, u, o), ())
            )
            for u in m.types_at[s]
        )

    m.saved_mwh = pyo.Expression(m.ENERGY_SAVING, rule=saved)


def choices(inst: Instance) -> Iterator[Choice]:
    """Every way to order at most one network option at each site."""
    keys = list(inst.network_option_services)
    sites = list(dict.fromkeys(s for s, _, _ in keys))
    ways = [[None, *(key for key in keys if key[0] == s)] for s in sites]
    for way in product(*ways):
        yield {key: int(key in way) for key in keys}


def second_optimum(inst: Instance) -> float:
    costs = [float("inf")]
    for chosen in choices(inst):
        other = {
            network_options.add_to: settled(chosen),
            clusters.add_to: counted,
            network_power.add_to: saved_energy,
        }
        families = tuple(other.get(one, one) for one in FAMILIES)
        matrix = compile_model(build_model(inst, families), inst).matrix
        x = milp_solution(matrix)
        if x is not None:
            costs.append(matrix.value(x))
    return min(costs)


@examples(8)
@given(raw=instances(), seed=SEEDS)
def test_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    inst = Instance.model_validate(made(raw, seed))
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.verified
    for name in ("clusters", "network_options"):
        event(f"{name}: {not plan.table(name).empty}")
    assert plan.objective_musd == close(optimum(inst))


@examples(20)
@given(raw=instances(), seed=SEEDS)
def test_the_second_formulation_costs_the_same(raw: dict[str, Any], seed: int) -> None:
    short = raw | {"horizon": raw["horizon"] | {"months": raw["horizon"]["months"][:2]}}
    inst = Instance.model_validate(made(short, seed))
    assert optimum(inst) == close(second_optimum(inst))


@examples(12)
@given(raw=instances(), seed=SEEDS)
def test_the_second_formulation_agrees_beside_other_families(
    raw: dict[str, Any], seed: int
) -> None:
    """Shares and origins of supply count what clusters make, not what they could."""
    short = raw | {"horizon": raw["horizon"] | {"months": raw["horizon"]["months"][:2]}}
    # A floor drawn for a territory without sites is no valid instance.
    beside = with_dependence(made(short, seed), seed) | {"sufficiency": {}}
    inst = Instance.model_validate(beside)
    assert optimum(inst) == close(second_optimum(inst))


@examples(10)
@given(raw=instances(), seed=SEEDS)
def test_clusters_only_cost_and_options_only_help(raw: dict[str, Any], seed: int) -> None:
    more = made(raw, seed)
    inst = Instance.model_validate(more)
    plain = deepcopy(more) | {"network_options": {}}
    without_options = Instance.model_validate(plain)
    for workload in plain["workloads"].values():
        workload.pop("cluster", None)
    free = Instance.model_validate(plain)

    assert optimum(inst) <= optimum(without_options) + 1e-6
    assert optimum(free) <= optimum(without_options) + 1e-6


@pytest.mark.slow
@examples(4)
@given(raw=instances(), seed=SEEDS)
def test_models_are_reused_to_the_last_bit(raw: dict[str, Any], seed: int) -> None:
    inst = Instance.model_validate(made(raw, seed))
    walk = [
        inst,
        inst.with_changes({"network_options.*.cost_musd": 0.7}),
        inst.with_changes({"network_options.*.power_saved_share": 0.3}),
        inst.with_changes({"workloads.k0.cluster.min_units": 2}),
        inst.with_changes({"workloads.k0.cluster.utilisation": {"1": 0.9, "3": 0.5}}),
        inst.with_changes({"sites.s0.network_tiers": ["light"]}),
        Instance.model_validate(raw),
        inst,
    ]
    assert_reused(walk)
