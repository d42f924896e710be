"""Sites in a network of PyPSA: carriers, connections and halls."""

import numpy as np
import pandas as pd
import pypsa

from benchmarks.speed.pypsa_parts import Rows, add, add_buses, orderable, standing
from models import prices
from models.calendar import step_value
from models.families.siting import hall_room_blocks
from models.finance import discount_middle, hall_value_left
from models.fleet import initial_hall_mw
from models.instance import Instance
from models.payments import discounted

UNCAPPED = "grid"
"""The bus of sites whose grid region has no cap."""


def add_carriers(n: pypsa.Network, inst: Instance) -> None:
    """A carrier for the units of each site, since PyPSA limits growth by carrier."""
    rates = {s: site.install_rate_mw_per_month for s, site in inst.sites.items()}
    months = next(iter(inst.periods.values())).months
    growth = [np.inf if rate is None else rate * months for rate in rates.values()]
    n.add("Carrier", pd.Index([f"units {s}" for s in rates]), max_growth=growth)
    n.add("Carrier", pd.Index([f"connection {s}" for s in rates]))


def add_grid(n: pypsa.Network, inst: Instance) -> None:
    """Grid regions with their caps, and connections; a closed site is opened at most once."""
    periods = list(inst.periods)
    reached = {s: [inst.grid_mw(s, t) for t in periods] for s in inst.sites}
    caps = {
        g: [step_value(region.cap_mw, period.start) for period in inst.periods.values()]
        for g, region in inst.grid_regions.items()
    }
    caps[UNCAPPED] = [sum(amounts) for amounts in zip(*reached.values(), strict=True)]
    add_buses(n, [*caps, *(f"power {s}" for s in inst.sites)])
    add(n, "Generator", {f"cap {g}": {"bus": g, **standing(mw)} for g, mw in caps.items()})
    rows: Rows = {}
    for s, site in inst.sites.items():
        most = max(reached[s])
        link = {"bus0": site.grid_region or UNCAPPED, "bus1": f"power {s}"}
        link |= {"carrier": f"connection {s}", "p_max_pu": standing(reached[s])["p_max_pu"]}
        for i, t in enumerate(periods[:1] if site.opened else periods):
            opening = 0.0 if site.opened else site.open_cost_musd
            musd = opening * discounted(inst, site.open_payments, t) + sum(
                discount_middle(inst, later) * prices.site_opex(inst, s, later)
                for later in periods[i:]
            )
            rows[f"connection {s} {t}"] = {
                **link,
                **orderable(inst, periods[i:], most, most, musd),
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
    add(n, "Link", rows)


def add_halls(n: pypsa.Network, inst: Instance) -> None:
    """Halls that stand, and halls that can be ordered [IT MW]."""
    add_buses(n, (f"halls {s}" for s in inst.sites))
    built = {s: [initial_hall_mw(inst, s, t) for t in inst.periods] for s in inst.sites}
    rows: Rows = {
        f"halls {s}": {"bus": f"halls {s}", **standing(mw)} for s, mw in built.items() if any(mw)
    }
    add(n, "Generator", rows)
    rows = {}
    for (s, t), serves in inst.hall_services.items():
        site = inst.sites[s]
        musd = discounted(inst, site.hall_payments, t) * inst.hall_block_capex(s)
        musd -= hall_value_left(inst, s, t)
        block, most = site.hall_block_mw, site.hall_block_mw * hall_room_blocks(inst, s)
        rows[f"hall {s} {t}"] = {
            "bus": f"halls {s}",
            **orderable(inst, serves, block, most, musd),
        }
    add(n, "Generator", rows)
