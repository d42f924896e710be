"""Volume tiers: units beyond each, what they save, and whom that is paid to."""

from collections import defaultdict

import pandas as pd

from models.instance import Instance
from models.volume import savings
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame


def volume_tiers(inst: Instance, orders: pd.DataFrame) -> pd.DataFrame:
    """Units ordered beyond each tier by period, what they save, and when it is first reached."""
    ordered: dict[tuple[str, str], int] = defaultdict(int)
    for _, u, t, units in orders.itertuples(index=False):
        ordered[u, t] += units
    rows = []
    for (u, n), (before, saved) in savings(inst).items():
        total = 0
        for t in inst.periods:
            known, total = max(0, total - before), total + ordered[u, t]
            units = max(0, total - before) - known
            if units:
                rows.append((u, n, t, units * saved, units, int(not known)))
    return make_frame(rows, ["unit_type", "tier", "period"], ["saved_musd"], ["units", "reached"])


def rebates(tables: Tables) -> dict[tuple[str, str, str], float]:
    """What each site saves by unit type and period: in proportion to its orders [MUSD]."""
    saved = tables["volume_tiers"].groupby(["unit_type", "period"])["saved_musd"].sum().to_dict()
    orders = tables["orders"]
    total = orders.groupby(["unit_type", "period"])["units"].sum().to_dict()
    return {
        (s, u, t): saved[u, t] * units / total[u, t]
        for s, u, t, units in orders.itertuples(index=False)
        if (u, t) in saved
    }
