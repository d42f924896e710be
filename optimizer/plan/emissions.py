"""What a plan emits, and the water it uses, by site and period."""

from collections import defaultdict

import pandas as pd

from models.environment import carbon_t_per_mwh, hall_embodied_tco2, water_m3_per_mwh
from models.instance import Instance
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame
from optimizer.plan.physical import energy_by_type_mwh


def emissions(inst: Instance, tables: Tables) -> pd.DataFrame:
    """Emissions of the electricity drawn and of building what is ordered [tCO2]; water [m3]."""
    emitted: dict[tuple[str, str], float] = defaultdict(float)
    embodied: dict[tuple[str, str], float] = defaultdict(float)
    water: dict[tuple[str, str], float] = defaultdict(float)
    for (s, u, o), mwh in energy_by_type_mwh(inst, tables, tables["online"]).items():
        t = inst.states[o].period
        emitted[s, t] += mwh * carbon_t_per_mwh(inst, s, o)
        water[s, t] += mwh * water_m3_per_mwh(inst, s, u)
    for s, t, blocks in tables["blocks"].itertuples(index=False):
        embodied[s, t] += blocks * hall_embodied_tco2(inst, s)
    for s, u, t, units in tables["orders"].itertuples(index=False):
        embodied[s, t] += units * inst.unit_types[u].embodied_tco2
    rows = (
        (s, t, *(amounts.get((s, t), 0.0) for amounts in (emitted, embodied, water)))
        for s in inst.sites
        for t in inst.periods
    )
    index, figures = ["site", "period"], ["tco2", "embodied_tco2", "water_m3"]
    return make_frame((row for row in rows if any(row[2:])), index, figures)
