"""An instance as a network of PyPSA, in its own words, with the same optimum as our model.

For instances of `benchmarks.expressible`. What is what:

    grid regions      buses, with a generator as large as the cap
    connections       links to a site's bus; opening a site is one module, as large as all of it
    halls             generators in modules of a block, on a bus of the site for IT power
    units             links in modules of a unit, always at full load: from a hall's IT power, and
                      from the site's connection, to units in service
    work              links from units in service to the tokens that the site makes of a workload
    lawful routes     links from there to a stream, at the network price
    streams           loads, with a dear generator for what is missing
    install rates     limits on growth of carriers, one for the units of each site

Each period is an investment period with one snapshot. Money is discounted here, as in our model, so
PyPSA's own weights are 1; what is ordered costs an equal part in each period that it serves.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pypsa

from models import prices
from models.calendar import step_value
from models.equivalence import group_streams
from models.families.capacity import most_online
from models.families.siting import hall_room_blocks
from models.finance import discount_middle, hall_value_left, unit_value_left
from models.fleet import initial_hall_mw, most_units
from models.instance import Instance
from models.payments import discounted

Rows = dict[str, dict[str, Any]]
"""Components by name, with their attributes; a list has a value for each period."""

UNCAPPED = "grid"
"""The bus of sites whose grid region has no cap."""


def network(inst: Instance) -> pypsa.Network:
    """The instance as a network, to be optimised over investment periods; costs in MUSD.

    Raises ValueError if periods differ in length while sites have install rates.
    """
    n = pypsa.Network()
    numbers = list(_numbers(inst).values())
    n.set_snapshots(pd.MultiIndex.from_product([numbers, ["mean"]]))
    n.investment_periods = numbers
    _add_carriers(n, inst)
    _add_grid(n, inst)
    _add_halls(n, inst)
    fleet = _fleet(inst)
    _add_units(n, inst, fleet)
    made = _add_work(n, inst, fleet)
    _add_streams(n, inst, made)
    return n


def _numbers(inst: Instance) -> dict[str, int]:
    """Periods as PyPSA counts them."""
    return {t: i for i, t in enumerate(inst.periods, start=1)}


def _add(n: pypsa.Network, kind: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Add components of a kind at once."""
    if not rows:
        return
    frame = pd.DataFrame.from_dict(dict(rows), orient="index")
    dated = [name for name in frame if isinstance(frame[name].iloc[0], list)]
    series = {
        name: pd.DataFrame(np.array(frame[name].tolist()).T, n.snapshots, frame.index)
        for name in dated
    }
    n.add(kind, frame.index, **frame.drop(columns=dated), **series)


def _add_buses(n: pypsa.Network, names: Iterable[str]) -> None:
    n.add("Bus", pd.Index(names))


def _standing(amounts: Sequence[float]) -> dict[str, Any]:
    """Something that is there without an order, as large as the amounts by period."""
    most = max(amounts)
    return {"p_nom": most, "p_max_pu": [amount / most for amount in amounts]}


def _orderable(
    inst: Instance, serves: Sequence[str], module: float, most: float, musd: float
) -> dict[str, Any]:
    """Something that can be ordered in modules at a price each, in service for some periods."""
    return {
        "p_nom_extendable": True,
        "p_nom_mod": module,
        "p_nom_max": most,
        "build_year": _numbers(inst)[serves[0]],
        "lifetime": len(serves),
        "capital_cost": musd / module / len(serves),
    }


def _add_carriers(n: pypsa.Network, inst: Instance) -> None:
    """A carrier for the units of each site, since PyPSA limits growth by carrier."""
    rates = {s: site.install_rate_mw_per_month for s, site in inst.sites.items()}
    lengths = {period.months for period in inst.periods.values()}
    if len(lengths) > 1 and any(rate is not None for rate in rates.values()):
        raise ValueError("PyPSA has one limit on growth for all periods: they must be equally long")
    months = min(lengths)
    growth = [np.inf if rate is None else rate * months for rate in rates.values()]
    n.add("Carrier", pd.Index([f"units {s}" for s in rates]), max_growth=growth)
    n.add("Carrier", pd.Index([f"connection {s}" for s in rates]))


def _add_grid(n: pypsa.Network, inst: Instance) -> None:
    """Grid regions with their caps, and connections; a closed site is opened at most once."""
    periods = list(inst.periods)
    reached = {s: [inst.grid_mw(s, t) for t in periods] for s in inst.sites}
    caps = {
        g: [step_value(region.cap_mw, period.start) for period in inst.periods.values()]
        for g, region in inst.grid_regions.items()
    }
    caps[UNCAPPED] = [sum(amounts) for amounts in zip(*reached.values(), strict=True)]
    _add_buses(n, [*caps, *(f"power {s}" for s in inst.sites)])
    _add(n, "Generator", {f"cap {g}": {"bus": g, **_standing(mw)} for g, mw in caps.items()})
    rows: Rows = {}
    for s, site in inst.sites.items():
        most = max(reached[s])
        link = {"bus0": site.grid_region or UNCAPPED, "bus1": f"power {s}"}
        link |= {"carrier": f"connection {s}", "p_max_pu": _standing(reached[s])["p_max_pu"]}
        for i, t in enumerate(periods[:1] if site.opened else periods):
            opening = 0.0 if site.opened else site.open_cost_musd
            musd = opening * discounted(inst, site.open_payments, t) + sum(
                discount_middle(inst, later) * prices.site_opex(inst, s, later)
                for later in periods[i:]
            )
            rows[f"connection {s} {t}"] = {
                **link,
                **_orderable(inst, periods[i:], most, most, musd),
                "p_nom_min": most if site.opened else 0.0,
            }
        n.add(
            "GlobalConstraint",
            f"opened once {s}",
            type="tech_capacity_expansion_limit",
            carrier_attribute=f"connection {s}",
            sense="<=",
            constant=most,
        )
    _add(n, "Link", rows)


def _add_halls(n: pypsa.Network, inst: Instance) -> None:
    """Halls that stand, and halls that can be ordered [IT MW]."""
    _add_buses(n, (f"halls {s}" for s in inst.sites))
    standing = {s: [initial_hall_mw(inst, s, t) for t in inst.periods] for s in inst.sites}
    rows: Rows = {
        f"halls {s}": {"bus": f"halls {s}", **_standing(mw)}
        for s, mw in standing.items()
        if any(mw)
    }
    _add(n, "Generator", rows)
    rows = {}
    for (s, t), serves in inst.hall_services.items():
        site = inst.sites[s]
        musd = discounted(inst, site.hall_payments, t) * inst.hall_block_capex(s)
        musd -= hall_value_left(inst, s, t)
        block, most = site.hall_block_mw, site.hall_block_mw * hall_room_blocks(inst, s)
        rows[f"hall {s} {t}"] = {
            "bus": f"halls {s}",
            **_orderable(inst, serves, block, most, musd),
        }
    _add(n, "Generator", rows)


def _fleet(inst: Instance) -> dict[tuple[str, str], float]:
    """Sites with the unit types that are or can be there, and the most units there can be."""
    pairs = [key[:2] for key in (*inst.initial_online, *inst.services)]
    return {
        (s, u): max(most_online(inst, s, u, t) for t in inst.periods)
        for s, u in dict.fromkeys(pairs)
    }


def _add_units(n: pypsa.Network, inst: Instance, fleet: Mapping[tuple[str, str], float]) -> None:
    """Units in service, whether at work or idle: they take hall, power, upkeep and idle energy."""
    _add_buses(n, (f"units {s} {u}" for s, u in fleet))
    idle: Rows = {
        f"idle {s} {u}": {"bus": f"units {s} {u}", "sign": -1, "p_nom": most}
        for (s, u), most in fleet.items()
    }
    _add(n, "Generator", idle)
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
        there = _standing([inst.unit_types[u].it_mw * number for number in units])
        rows[f"units {s} {u}"] = {**kinds[s, u], **there, "p_min_pu": there["p_max_pu"]}
    _add(n, "Link", rows)
    rows = {}
    for (s, u, t), serves in inst.services.items():
        unit = inst.unit_types[u]
        musd = discounted(inst, unit.payments, t) * inst.unit_capex(s, u)
        musd -= unit_value_left(inst, s, u, t)
        most = unit.it_mw * most_units(inst, s, u, t)
        rows[f"units {s} {u} {t}"] = {
            **kinds[s, u],
            **_orderable(inst, serves, unit.it_mw, most, musd),
            **{"carrier": f"units {s}", "p_min_pu": 1.0},
        }
    _add(n, "Link", rows)


def _add_work(
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
    _add_buses(n, made.values())
    _add(n, "Link", rows)
    return set(made)


def _add_streams(n: pypsa.Network, inst: Instance, made: set[tuple[str, str]]) -> None:
    """What is asked for, the lawful routes to it, and what is missing."""
    per_token = [discount_middle(inst, t) * prices.per_token(inst, 1.0, t) for t in inst.periods]
    loads: Rows = {}
    missing: Rows = {}
    routes: Rows = {}
    for j, group in group_streams(inst, merge=False).items():
        asked = [group.demand_mtok_s.get(t, 0.0) for t in inst.periods]
        loads[j] = {"bus": j, "p_set": asked}
        price = inst.workloads[group.workload].shortfall_price_usd_per_mtok
        if price is not None:
            musd = [price * weight for weight in per_token]
            missing[f"missing {j}"] = {"bus": j, "p_nom": max(asked), "marginal_cost": musd}
        for s, usd_per_mtok in group.network_price.items():
            if (s, group.workload) in made:
                routes[f"{j} {s}"] = {
                    **{"bus0": f"{group.workload} {s}", "bus1": j, "p_nom": max(asked)},
                    "marginal_cost": [usd_per_mtok * weight for weight in per_token],
                }
    _add_buses(n, loads)
    _add(n, "Load", loads)
    _add(n, "Generator", missing)
    _add(n, "Link", routes)
