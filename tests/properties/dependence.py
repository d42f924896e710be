"""Random sovereignty and dependence on top of random instances, and a second formulation of it."""

from random import Random
from typing import Any

import pyomo.environ as pyo
from hypothesis import strategies as st

from models.build import FAMILIES, build_model
from models.families import concentration, origin, sufficiency
from models.instance import Instance
from models.sovereignty import belongs, holders, share_on
from tests.properties.brownfield import with_brownfield
from tests.properties.strategies import SEEDS, instances

Raw = dict[str, Any]

KINDS = ["operator", "vendor", "generation", "jurisdiction", "bloc", "continent", "grid_region"]
PLACES = ["NO", "SE", "KE", "EEA", "HOME"]


def dependent() -> st.SearchStrategy[Raw]:
    """Plain data of an instance with floors, caps, local control planes and origins."""
    return st.builds(with_dependence, instances(), SEEDS)


def dependent_with_offers() -> st.SearchStrategy[Raw]:
    """The same with mines, shells and rented tokens, some of them of a known origin."""
    return dependent().map(with_offers)


def with_offers(raw: Raw) -> Raw:
    """The instance with mines, shells and rented tokens, some of a known origin."""
    new = with_brownfield(raw, yearly=False)
    dice = Random(raw["name"])
    for offer in new["rentals"].values():
        offer["origin"] = dice.choice([[], ["NO"], ["KE"], ["EEA"]])
    return new


def with_dependence(raw: Raw, seed: int) -> Raw:
    """The instance with floors, caps, local control planes, origins and volume tiers."""
    dice = Random(seed)
    new = raw | {"name": f"{raw['name']}, dependence of seed {seed}"}
    new["unit_types"] = {
        u: unit
        | {
            "vendor": dice.choice(["north", "south"]),
            "generation": dice.choice(["one", "two"]),
            "origin": dice.choice([["NO"], ["KE"], ["SE", "NO"], ["EEA"]]),
        }
        for u, unit in raw["unit_types"].items()
    }
    classes = {
        d: rule
        | ({"supply_origin": dice.sample(PLACES, 2)} if dice.random() < 0.5 else {})
        | ({"control_plane": ["HOME"]} if dice.random() < 0.7 else {})
        for d, rule in raw["data_classes"].items()
    }
    return new | {
        "data_classes": classes,
        "budget": {
            "pools": {p: pool | {"grants": 90} for p, pool in raw["budget"]["pools"].items()}
        },
        "sufficiency": _floors(dice),
        "concentration": _caps(dice),
        "volume_tiers": [
            {"unit_type": "u0", "from_units": n, "price_share": share}
            for n, share in dice.choice([[], [(1, 0.8)], [(2, 0.9), (4, 0.6)]])
        ],
        "local_control_planes": [
            {
                "site": s,
                "cost_musd": dice.choice([0, 1.5, 12]),
                "opex_musd_per_year": dice.choice([0, 0.3]),
                "lead_months": dice.choice([0, 0, 7]),
            }
            for s in raw["sites"]
            if dice.random() < 0.6
        ],
    }


def _floors(dice: Random) -> Raw:
    """None or one that is low enough to be met now and then."""
    if dice.random() < 0.6:
        return {}
    place = dice.choice([{"continents": ["europe"]}, {"jurisdictions": ["EEA", "KE"]}])
    share = dice.choice([0, 0.1, {"2028-01-01": 0.3}])
    power = dice.choice([0, 0, {"2028-01-01": 0.5}])
    some = dice.choice([{}, {"data_classes": ["public"]}, {"workloads": ["k0"]}])
    return {"floor": place | some | {"serve_share": share, "host_it_mw": power}}


def _caps(dice: Random) -> Raw:
    return {
        f"cap-{of}": {
            "share_of": of,
            "by": dice.choice(KINDS),
            "most_share": dice.choice([0.4, 0.7, {"2028-01-01": 0.5}]),
        }
        for of in ("tokens", "it_mw", "capital")
        if dice.random() < 0.5
    }


def second_formulation(inst: Instance) -> pyo.ConcreteModel:
    """The model with the same law written down in another way.

    Work is split by stream and unit type; floors limit what is served elsewhere; caps compare with
    sums; a site without a local control plane is closed to all its steered streams together.
    """
    replaced = (origin.add_to, sufficiency.add_to, concentration.add_to)
    m = build_model(inst, [family for family in FAMILIES if family not in replaced])
    m.steering_link.deactivate()
    m.other = pyo.ConstraintList()
    for add in (_split_work, _floors_from_outside, _plain_caps, _steered_together):
        add(m, inst)
    return m


def _split_work(m: Any, inst: Instance) -> None:
    keys = [
        (j, s, u, o)
        for j, s, o in m.FLOWS
        for u in m.runs_at[s, m.groups[j].workload, o]
        if u not in m.groups[j].barred
    ]
    m.work = pyo.Var(keys, bounds=(0, 1e4))
    for j, s, o in m.FLOWS:
        k = m.groups[j].workload
        made = sum(m.work[j, s, u, o] for u in m.runs_at[s, k, o] if (j, s, u, o) in m.work)
        m.other.add(inst.workloads[k].peak_factor * m.flow[j, s, o] == made)
    for s, u, k, o in m.RUNS:
        streams = [j for j in m.streams_at[s, k, o] if (j, s, u, o) in m.work]
        if streams:
            able = inst.tokens_per_unit(s, u, k, m.period_of[o]) * m.run[s, u, k, o]
            m.other.add(sum(m.work[j, s, u, o] for j in streams) <= able)


def _floors_from_outside(m: Any, inst: Instance) -> None:
    for f, floor in inst.sufficiency.items():
        for o, t in m.period_of.items():
            share = share_on(floor.serve_share, inst.periods[t].start) or 0.0
            mine = [j for j, o_ in m.DEMANDS if o_ == o and f in m.groups[j].floors]
            if mine and share:
                outside = sum(
                    m.flow[j, s, o]
                    for j in mine
                    for s in m.sites_of.get((j, o), ())
                    if not belongs(inst, f, inst.sites[s].jurisdiction)
                )
                outside += sum(
                    m.rent[j, x, o]
                    for j in mine
                    for x in m.rents_of.get((j, o), ())
                    if not belongs(inst, f, inst.rentals[x].jurisdiction)
                )
                demand = sum(m.groups[j].demand_mtok_s[o] for j in mine)
                short = sum(m.shortfall[j, o] for j in mine)
                m.other.add(outside + short <= (1 - share) * demand)
        for t in m.PERIODS:
            least = share_on(floor.host_it_mw, inst.periods[t].start) or 0.0
            inside = [s for s in m.SITES if belongs(inst, f, inst.sites[s].jurisdiction)]
            if least:
                nothing = 0 * m.is_open[next(iter(m.SITES)), t]
                power = nothing + sum(m.site_it_mw[s, t] for s in inside)
                m.other.add(power + _gap(m, f, t) >= least)


def _gap(m: Any, f: str, t: str) -> Any:
    """A variable that must be 0: so a row exists even where nothing can stand."""
    name = f"gap_{f}_{t}"
    m.add_component(name, pyo.Var(bounds=(0, 0)))
    return m.component(name)


def _plain_caps(m: Any, inst: Instance) -> None:
    for cap in inst.concentration.values():
        by_type = cap.by in ("vendor", "generation")
        for sites, types, offers in holders(inst, cap).values():
            for n, (t, period) in enumerate(inst.periods.items()):
                share = share_on(cap.most_share, period.start)
                if share is None:
                    continue
                until = list(m.PERIODS)[: n + 1]
                if cap.share_of == "it_mw":
                    power = {
                        (s, u): inst.unit_types[u].it_mw * m.online[s, u, t] for s, u in m.FLEET
                    }
                    own = sum(x for (s, u), x in power.items() if s in sites and u in types)
                    every = sum(power.values())
                elif cap.share_of == "tokens":
                    every = sum(m.flow[j, s, o] for j, s, o in m.FLOWS if m.period_of[o] == t)
                    rents = [jxo for jxo in m.RENTS if m.period_of[jxo[2]] == t]
                    every += sum(m.rent[jxo] for jxo in rents)
                    own = sum(
                        inst.tokens_per_unit(s, u, k, t)
                        * m.run[s, u, k, o]
                        / inst.workloads[k].peak_factor
                        for s, u, k, o in m.RUNS
                        if m.period_of[o] == t and u in types
                    )
                    if not by_type:
                        own = sum(
                            m.flow[j, s, o]
                            for j, s, o in m.FLOWS
                            if m.period_of[o] == t and s in sites
                        )
                        own += sum(m.rent[j, x, o] for j, x, o in rents if x in offers)
                else:
                    units = {
                        (s, u, τ): inst.unit_capex(s, u) * m.order[s, u, τ]
                        for s, u, τ in m.ORDERS
                        if τ in until
                    }
                    rest = {
                        s: sum(
                            inst.sites[s].open_cost_musd * m.open_site[s, τ]
                            + sum(inst.hall_block_capex(s) * m.hall[h] for h in _at(m.hall, s, τ))
                            + sum(
                                inst.mine_of[s].capex_musd_per_mw * m.convert[h]
                                for h in _at(m.convert, s, τ)
                            )
                            + sum(
                                _raises(inst, s) * m.raise_level[h]
                                for h in _at(m.raise_level, s, τ)
                            )
                            for τ in until
                        )
                        for s in m.SITES
                    }
                    every = sum(units.values()) + sum(rest.values())
                    own = sum(x for (s, u, _), x in units.items() if s in sites and u in types)
                    if not by_type:
                        own += sum(rest[s] for s in sites)
                nothing = 0 * m.is_open[next(iter(m.SITES)), t]
                row = own - share * every + nothing
                if not isinstance(row, int | float):
                    m.other.add((None, row, 0))


def _at(variable: Any, s: str, t: str) -> list[tuple[str, str]]:
    return [(s, t)] if (s, t) in variable else []


def _raises(inst: Instance, s: str) -> float:
    return {row.site: row.cost_musd for row in inst.local_control_planes}[s]


def _steered_together(m: Any, inst: Instance) -> None:
    for s in m.SITES:
        for o, t in m.period_of.items():
            streams = [j for j, r, q in m.FLOWS if (r, q) == (s, o) and s in m.groups[j].raised]
            if streams:
                raised = sum(
                    m.raise_level[s, τ]
                    for r, τ in m.RAISES
                    if r == s and t in inst.control_plane_use[s, τ]
                )
                most = sum(m.groups[j].demand_mtok_s[o] for j in streams)
                m.other.add(sum(m.flow[j, s, o] for j in streams) <= most * raised)
