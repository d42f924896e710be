"""What a plan emits, by site and period."""

from collections import defaultdict

import pandas as pd

from models.environment import carbon_t_per_mwh, hall_embodied_tco2
from models.instance import Instance
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame
from optimizer.plan.physical import energy_mwh


def emissions(inst: Instance, tables: Tables) -> pd.DataFrame:
    """Emissions of the electricity drawn, and of building the halls and units ordered [tCO2]."""
    emitted: dict[tuple[str, str], float] = defaultdict(float)
    embodied: dict[tuple[str, str], float] = defaultdict(float)
    for (s, o), mwh in energy_mwh(inst, tables, tables["online"]).items():
        emitted[s, inst.states[o].period] += mwh * carbon_t_per_mwh(inst, s, o)
    for s, t, blocks in tables["blocks"].itertuples(index=False):
        embodied[s, t] += blocks * hall_embodied_tco2(inst, s)
    for s, u, t, units in tables["orders"].itertuples(index=False):
        embodied[s, t] += units * inst.unit_types[u].embodied_tco2
    rows = (
        (s, t, emitted.get((s, t), 0.0), embodied.get((s, t), 0.0))
        for s in inst.sites
        for t in inst.periods
    )
    index, amounts = ["site", "period"], ["tco2", "embodied_tco2"]
    return make_frame((row for row in rows if any(row[2:])), index, amounts)
