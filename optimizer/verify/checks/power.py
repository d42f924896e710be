"""Power: what stands at sites fits their grid connections (P1) and grid regions (P2)."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import values_on
from optimizer.verify.facts.upgrades import added
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check P1, P2 and the table of power."""
    sites, regions = list(facts.inst.sites), list(facts.inst.grid_regions)
    periods = facts.calendar.names
    draw = plan.meter_mw
    limit = connection_for_units(facts, plan) * np.clip(plan.is_open, 0.0, 1.0)
    findings.at_most(
        "power",
        draw,
        limit,
        lambda s, t: (
            f"{sites[s]} draws {amount(draw[s, t], 'MW')} in {periods[t]}, "
            f"{amount(draw[s, t] - limit[s, t], 'MW')} over its grid connection of "
            f"{amount(limit[s, t], 'MW')}"
        ),
    )
    together, cap = grid_region_power(facts, plan), grid_region_cap(facts, plan)
    findings.at_most(
        "power",
        together,
        cap,
        lambda g, t: (
            f"the sites of the grid region {regions[g]} draw "
            f"{amount(together[g, t], 'MW')} in {periods[t]}, "
            f"{amount(together[g, t] - cap[g, t], 'MW')} over its cap of {amount(cap[g, t], 'MW')}"
        ),
    )
    s, t = np.indices(draw.shape).reshape(2, -1)
    expected = pd.DataFrame(
        {
            "site": s,
            "period": t,
            "it_mw": plan.it_mw.ravel(),
            "meter_mw": draw.ravel(),
            "limit_mw": np.where(plan.is_open > 0, plan.grid_mw, 0.0).ravel(),
            "energy_gwh": plan.energy_gwh.ravel(),
            "required": ((plan.is_open > 0) & (plan.grid_mw > 0)).ravel(),
        }
    )
    compare_rows(plan, findings, "power", "power", expected)


def mining_draw(facts: Facts, plan: Plan) -> Floats:
    """What mining draws on the connections it shares, by site and period [MW]."""
    brown = facts.brownfield
    draw: Floats = brown.shares[:, None] * (brown.mining_mw - plan.converted)
    return draw


def connection_for_units(facts: Facts, plan: Plan) -> Floats:
    """What mining leaves of the grid connection, by site and period [MW]."""
    return plan.grid_mw - mining_draw(facts, plan)


def grid_region_power(facts: Facts, plan: Plan) -> Floats:
    """Power at the meter, mining included, by grid region and period [MW]."""
    power: Floats = _members(facts) @ (plan.meter_mw + mining_draw(facts, plan))
    return power


def grid_region_cap(facts: Facts, plan: Plan) -> Floats:
    """Cap by grid region and period, with the upgrades that are energised [MW]."""
    regions, start = facts.inst.grid_regions.values(), facts.calendar.start
    caps = np.array([values_on(region.cap_mw, start) for region in regions])
    more = _members(facts) @ added(plan.upgraded, facts.upgrades, facts.upgrades.cap_mw)
    cap: Floats = caps.reshape(-1, len(start)) + more
    return cap


def _members(facts: Facts) -> Floats:
    """1 for the sites of each grid region, by region and site."""
    sites = facts.inst.sites.values()
    return np.array(
        [[site.grid_region == name for site in sites] for name in facts.inst.grid_regions],
        dtype=float,
    ).reshape(-1, len(sites))
