"""Model families on random small instances: plans are verified, and enumeration agrees.

The enumeration settles which sites train, in every period. Then the cheapest way to each site is a
number, and a site that serves pays it: there is no transfer left to decide.
"""

from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from math import inf
from random import Random
from typing import Any

import pyomo.environ as pyo
from hypothesis import event, given

from models.build import FAMILIES, Family, build_model
from models.families import model_families
from models.finance import discount_middle
from models.instance import Instance
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.reuse import ModelKeeper
from tests.properties.common import SEEDS, close, examples
from tests.properties.strategies import instances
from tests.small import milp_solution, optimum

Choice = frozenset[tuple[str, str, str]]
"""The sites that train: family, site, period."""


def with_model_families(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """The instance with one or two families, carried at a price, with a law or without."""
    dice = Random(seed)
    more = deepcopy(raw)
    workloads = list(more["workloads"])
    if len(workloads) == 1:
        more["workloads"]["k1"] = deepcopy(more["workloads"]["k0"])
        more["throughput"].append({"unit_type": "u0", "workload": "k1", "mtok_s": 4})
        row = more["demand"][0] | {"workload": "k1", "mtok_s": dice.choice([0.3, 1])}
        more["demand"] = [*more["demand"], row]
        workloads.append("k1")
    dice.shuffle(workloads)
    classes = [None, None, *more["data_classes"]]
    more["model_families"] = {
        "ours": {
            "trained_by": workloads[0],
            "served_by": workloads[1:],
            "size_gb": dice.choice([0, 1000, 100_000]),
            "transfers_per_year": dice.choice([1, 12, 300]),
            "weights_data_class": dice.choice(classes),
            "least_training_share": dice.choice([0.1, 0.4, 0.7]),
        }
    }
    for row in more["network_prices"]:
        row["usd_per_gb"] = dice.choice([0, 0.005, 0.05])
    return more


@examples(6)
@given(raw=instances(), seed=SEEDS)
def test_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    inst = Instance.model_validate(with_model_families(raw, seed))
    plan = solve(inst)
    event(f"{plan.status}, carried: {not plan.table('model_transfers').empty}")
    assert plan.violations == ()
    if plan.objective_musd is None:
        assert optimum(inst) == inf
        return
    assert plan.objective_musd == close(optimum(inst))
    free = inst.with_changes({"model_families.ours.remove": True})
    without = optimum(free)
    assert without <= plan.objective_musd + 1e-6 * max(1.0, abs(without))

    keeper = ModelKeeper()
    dearer = inst.with_changes({"model_families.ours.size_gb": 7})
    for one in (inst, inst.with_changes({"demand.scale": 0.7}), dearer, free, inst):
        ours, fresh = keeper.compiled(one).matrix, compile_model(build_model(one, merge=True), one)
        for name in ("cost", "row_lower", "row_upper", "lower", "upper"):
            assert (getattr(ours, name) == getattr(fresh.matrix, name)).all(), name
        assert (ours.rows.data == fresh.matrix.rows.data).all()


def choices(inst: Instance) -> Iterator[Choice]:
    """Every choice of sites that train."""
    places = [(f, s, t) for f in inst.model_families for s in inst.sites for t in inst.periods]
    for picks in product((False, True), repeat=len(places)):
        yield frozenset(place for place, picked in zip(places, picks, strict=True) if picked)


def family_of(choice: Choice) -> Family:
    """Model families as one would write them once it is known which sites train."""

    def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
        m.settled = pyo.ConstraintList()
        m.pays = pyo.Var(list(inst.model_families), m.SITES, m.PERIODS, domain=pyo.Binary)
        paid = 0.0
        for f, family in inst.model_families.items():
            for s, t in product(m.SITES, m.PERIODS):
                share = {o: one.share for o, one in inst.states.items() if one.period == t}
                wanted = sum(
                    mtok_s * share[o]
                    for (j, o), mtok_s in inst.demand_mtok_s.items()
                    if o in share and inst.streams[j].workload == family.trained_by
                )
                if not wanted:
                    continue
                rows = [(j, o) for j, x, o in m.FLOWS if x == s and o in share]
                if (f, s, t) in choice:
                    trained = [
                        share[o] * m.flow[j, s, o]
                        for j, o in rows
                        if m.groups[j].workload == family.trained_by
                    ]
                    least = family.least_training_share * wanted
                    # A site that cannot train at all makes the choice infeasible.
                    never = m.pays[f, s, t] <= -1
                    m.settled.add(sum(trained) >= least if trained else never)
                    continue
                ways = [a for a in m.SITES if (f, a, t) in choice and allowed(inst, f, a, s)]
                for j, o in rows:
                    if m.groups[j].workload in family.served_by:
                        most = 2 * m.groups[j].demand_mtok_s[o] + 10 if ways else 0
                        m.settled.add(m.flow[j, s, o] <= most * m.pays[f, s, t])
                if ways:
                    years = inst.periods[t].years * discount_middle(inst, t)
                    gb = family.size_gb * family.transfers_per_year * years
                    paid += min(gb_price(inst, a, s) for a in ways) * gb / 1e6 * m.pays[f, s, t]
        m.RECEIVING = pyo.Set(initialize=[], dimen=2)
        m.transfer_musd = pyo.Expression(m.RECEIVING)
        m.paid = pyo.Expression(expr=paid)

    return add_to


def gb_price(inst: Instance, a: str, b: str) -> float:
    for row in inst.network_prices:
        if {row.zone_a, row.zone_b} == {inst.sites[a].network_zone, inst.sites[b].network_zone}:
            return row.usd_per_gb
    return 0.0


def allowed(inst: Instance, f: str, a: str, s: str) -> bool:
    """A demand for weights where they are trained could be served at the other site."""
    data_class = inst.model_families[f].weights_data_class
    if data_class is None:
        return True
    home = inst.sites[a].jurisdiction
    region = {"jurisdiction": home, "lat": 0, "lon": 0, "network_zone": inst.sites[a].network_zone}
    row = {"region": "there", "workload": "any", "data_class": data_class, "date": "2027-01"}
    free = inst.with_changes(
        {
            "rtt": [],
            "regions.add": {"there": region},
            "workloads.add": {"any": {"shortfall_price_usd_per_mtok": 1}},
            "demand.add": [row | {"mtok_s": 1}],
        }
    )
    return s in free.lawful_sites[f"there/any/{data_class}"]


def cheapest(inst: Instance) -> float:
    """The optimum by enumeration."""
    best = inf
    own = FAMILIES.index(model_families.add_to)
    for choice in choices(inst):
        m = build_model(inst, [*FAMILIES[:own], family_of(choice), *FAMILIES[own + 1 :]])
        m.net_present_cost.expr += m.paid
        matrix = compile_model(m, inst).matrix
        x = milp_solution(matrix)
        best = min(best, inf if x is None else matrix.value(x))
    return best


def small(raw: dict[str, Any]) -> dict[str, Any]:
    """Two sites and two periods at the most, so that there are no more than 16 choices."""
    few = deepcopy(raw)
    few["horizon"]["months"] = few["horizon"]["months"][:2]
    kept = list(few["sites"])[:2]
    few["sites"] = {s: few["sites"][s] for s in kept}
    for table in ("initial_units", "rtt"):
        few[table] = [row for row in few[table] if row["site"] in kept]
    return few


@examples(5)
@given(raw=instances(), seed=SEEDS)
def test_enumeration_agrees(raw: dict[str, Any], seed: int) -> None:
    try:
        inst = Instance.model_validate(with_model_families(small(raw), seed))
    except ValueError:
        event("not valid when cut down")
        return
    assert optimum(inst) == close(cheapest(inst))
