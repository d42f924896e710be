"""Work that moves between operators or generations, and what that costs."""

from collections import defaultdict
from itertools import pairwise

import pandas as pd

from models.instance import Instance
from models.portability import KINDS, fall, price
from optimizer.plan.frame import make_frame
from optimizer.plan.networks import utilisations

TINY = 1e-9
"""Less than this does not move: it is rounding [Mtok/s]."""


def portability(inst: Instance, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What moves by workload, kind and period, where moving has a price."""
    names = list(inst.periods)
    share = {(state.period, state.slice): state.share for state in inst.states.values()}
    reached = utilisations(tables)
    made: dict[tuple[str, str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for _, k, _, s, t, x, mtok_s in tables["flows"].itertuples(index=False):
        made[k, "operator", t][inst.sites[s].operator] += share[t, x] * mtok_s
    for s, u, k, t, x, units in tables["runs"].itertuples(index=False):
        able = reached.get((s, u, k, t), 1.0) * inst.tokens_per_unit(s, u, k, t)
        tokens = units * able / inst.workloads[k].peak_factor
        made[k, "generation", t][inst.unit_types[u].generation] += share[t, x] * tokens
    rows = []
    for k in inst.workloads:
        for kind in KINDS:
            for before, t in pairwise(names):
                now, then = made[k, kind, t], made[k, kind, before]
                lost = sum(max(0.0, had - now.get(h, 0.0)) for h, had in then.items())
                moved = lost - fall(inst, k, before, t)
                if price(inst, k, kind) and moved > TINY:
                    rows.append((k, kind, t, moved, moved * price(inst, k, kind)))
    return make_frame(rows, ["workload", "kind", "period"], ["moved_mtok_s", "musd"])
