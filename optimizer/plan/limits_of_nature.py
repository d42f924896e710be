"""Limits on emissions and water, and floors on tokens per MWh."""

from collections.abc import Iterator
from math import inf

from models.environment import carbon_allowance, efficiency_floor, water_allowance
from models.instance import Instance
from models.pools import covered
from models.prices import tokens
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import look_up_states
from optimizer.plan.limit_rows import TOLERANCE, Row, limit_row


def carbon_limits(inst: Instance, tables: Tables) -> Iterator[Row]:
    """Emissions under each cap."""
    tco2 = tables["emissions"].set_index(["site", "period"])["tco2"].to_dict()
    for c, cap in inst.carbon.caps.items():
        sites = covered(inst, cap)
        for t in inst.periods:
            use = sum(tco2.get((s, t), 0.0) for s in sites)
            yield limit_row("carbon", c, t, use / 1e3, carbon_allowance(inst, c, t) / 1e3, "ktCO2")


def efficiency_limits(inst: Instance, tables: Tables) -> Iterator[Row]:
    """Tokens per MWh, where energy is drawn: `allowed` is the least."""
    flows, per_rate = tables["flows"], {o: tokens(inst, o) for o in inst.states}
    mtok = (flows["mtok_s"] * look_up_states(inst, flows, per_rate)).groupby(
        [flows["site"], flows["period"]]
    )
    made = mtok.sum().to_dict()
    mwh = (tables["power"].set_index(["site", "period"])["energy_gwh"] * 1e3).to_dict()
    for f, floor in inst.efficiency_floors.items():
        sites = covered(inst, floor)
        for t in inst.periods:
            drawn = sum(mwh.get((s, t), 0.0) for s in sites)
            if drawn > 0:
                use = sum(made.get((s, t), 0.0) for s in sites) / drawn
                least = efficiency_floor(inst, f, t)
                tight = use - least < TOLERANCE * max(1.0, least)
                yield "efficiency", f, t, use, least, use - least, "Mtok/MWh", tight


def water_limits(inst: Instance, tables: Tables) -> Iterator[Row]:
    """Water of the sites that have a limit."""
    m3 = tables["emissions"].set_index(["site", "period"])["water_m3"].to_dict()
    for s in inst.sites:
        for t in inst.periods:
            if (most := water_allowance(inst, s, t)) < inf:
                yield limit_row("water", s, t, m3.get((s, t), 0.0) / 1e3, most / 1e3, "1000 m3")
