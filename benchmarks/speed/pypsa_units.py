"""The fleet in a network of PyPSA: units that stand, units that can be ordered, and their work."""

from collections.abc import Mapping
from typing import Any

import pypsa

from benchmarks.speed.pypsa_parts import Rows, add, add_buses, orderable, standing
from models import prices
from models.families.capacity import most_online
from models.finance import discount_middle, unit_value_left
from models.fleet import most_units
from models.instance import Instance
from models.payments import discounted


def most_in_service(inst: Instance) -> dict[tuple[str, str], float]:
    """The most units of each type that there can be at a site, where there can be any."""
    pairs = [key[:2] for key in (*inst.initial_online, *inst.services)]
    return {
        (s, u): max(most_online(inst, s, u, t) for t in inst.periods)
        for s, u in dict.fromkeys(pairs)
    }


def add_units(n: pypsa.Network, inst: Instance, fleet: Mapping[tuple[str, str], float]) -> None:
    """Units in service, whether at work or idle: they take hall, power, upkeep and idle energy."""
    add_buses(n, (f"units {s} {u}" for s, u in fleet))
    idle: Rows = {
        f"idle {s} {u}": {"bus": f"units {s} {u}", "sign": -1, "p_nom": most}
        for (s, u), most in fleet.items()
    }
    add(n, "Generator", idle)
    df = {t: discount_middle(inst, t) for t in inst.periods}
    kinds: dict[tuple[str, str], dict[str, Any]] = {}
    for s, u in fleet:
        unit = inst.unit_types[u]
        running = [
            df[t] * prices.unit_opex(inst, u, t)
            + df[t] * prices.energy_price(inst, s, t) * prices.idle_energy_mwh(inst, s, u, t)
            for t in inst.periods
        ]
        kinds[s, u] = {
            **{"bus0": f"halls {s}", "bus1": f"units {s} {u}", "bus2": f"power {s}"},
            "efficiency": unit.availability / unit.it_mw,
            "efficiency2": -inst.sites[s].pue[unit.cooling],
            "marginal_cost": [musd / unit.it_mw for musd in running],
        }
    rows: Rows = {}
    for s, u in dict.fromkeys((s, u) for s, u, _ in inst.initial_online):
        units = [inst.initial_online.get((s, u, t), 0) for t in inst.periods]
        there = standing([inst.unit_types[u].it_mw * number for number in units])
        rows[f"units {s} {u}"] = {**kinds[s, u], **there, "p_min_pu": there["p_max_pu"]}
    add(n, "Link", rows)
    rows = {}
    for (s, u, t), serves in inst.services.items():
        unit = inst.unit_types[u]
        musd = discounted(inst, unit.payments, t) * inst.unit_capex(s, u)
        musd -= unit_value_left(inst, s, u, t)
        most = unit.it_mw * most_units(inst, s, u, t)
        rows[f"units {s} {u} {t}"] = {
            **kinds[s, u],
            **orderable(inst, serves, unit.it_mw, most, musd),
            **{"carrier": f"units {s}", "p_min_pu": 1.0},
        }
    add(n, "Link", rows)


def add_work(
    n: pypsa.Network, inst: Instance, fleet: Mapping[tuple[str, str], float]
) -> set[tuple[str, str]]:
    """Units at work, by site, type and workload; where tokens of which workload can be made."""
    rows: Rows = {}
    made = {}
    for (s, u), most in fleet.items():
        for k, workload in inst.workloads.items():
            tokens = [inst.tokens_per_unit(s, u, k, t) for t in inst.periods]
            if not any(tokens):
                continue
            made[s, k] = f"{k} {s}"
            musd = [
                discount_middle(inst, t)
                * prices.energy_price(inst, s, t)
                * prices.work_energy_mwh(inst, s, u, k, t)
                for t in inst.periods
            ]
            rows[f"{k} {s} {u}"] = {
                **{"bus0": f"units {s} {u}", "bus1": made[s, k], "p_nom": most},
                "efficiency": [mtok_s / workload.peak_factor for mtok_s in tokens],
                "marginal_cost": musd,
            }
    add_buses(n, made.values())
    add(n, "Link", rows)
    return set(made)
