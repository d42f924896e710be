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

import pandas as pd
import pypsa

from benchmarks.speed.pypsa_parts import Rows, add, add_buses, numbers
from benchmarks.speed.pypsa_sites import add_carriers, add_grid, add_halls
from benchmarks.speed.pypsa_units import add_units, add_work, most_in_service
from models import prices
from models.equivalence import group_streams
from models.finance import discount_middle
from models.instance import Instance


def network(inst: Instance) -> pypsa.Network:
    """The instance as a network, to be optimised over investment periods; costs in MUSD."""
    with pypsa.option_context("general.allow_network_requests", False):  # news of its releases
        n = pypsa.Network()
    periods = list(numbers(inst).values())
    n.set_snapshots(pd.MultiIndex.from_product([periods, ["mean"]]))
    n.investment_periods = periods
    add_carriers(n, inst)
    add_grid(n, inst)
    add_halls(n, inst)
    fleet = most_in_service(inst)
    add_units(n, inst, fleet)
    made = add_work(n, inst, fleet)
    _add_streams(n, inst, made)
    return n


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
    add_buses(n, loads)
    add(n, "Load", loads)
    add(n, "Generator", missing)
    add(n, "Link", routes)
