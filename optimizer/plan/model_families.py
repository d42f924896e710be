"""Model families of a plan: which sites train and serve them, and which way they are carried."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pandas as pd

from models.instance import Instance
from models.model_families import (
    LEAST_RATE,
    barred,
    carried_gb,
    least_training,
    renewed,
    transfer_cost,
)
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame, period_means

TOLERANCE = 1e-6
"""A site that lacks no more than this of its least training trains: it is rounding."""

INDEX = ["model_family", "site", "period"]

Rates = dict[tuple[str, str, str], float]


def model_sites(inst: Instance, tables: Tables) -> pd.DataFrame:
    """Sites that train or serve a family, in the periods in which it is renewed."""
    if not inst.model_families:
        return _sites(())
    made = _made(inst, tables["flows"])
    stands_by = _in_contingencies(inst, tables["contingency_flows"])
    rows = []
    for f, family in inst.model_families.items():
        served_by = tuple(dict.fromkeys(family.served_by))
        for t in inst.periods:
            if not renewed(inst, f, t):
                continue
            enough = least_training(inst, f, t)
            enough -= TOLERANCE * max(1.0, enough)
            for s in inst.sites:
                trained = made[family.trained_by, s, t]
                served = sum(made[k, s, t] for k in served_by)
                holds = max(served, stands_by[f, s, t]) > LEAST_RATE
                if trained >= enough or holds:
                    rows.append((f, s, t, trained, served, trained >= enough, holds))
    return _sites(rows)


def _sites(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    return make_frame(rows, INDEX, ["trained_mtok_s", "served_mtok_s"], ["trains", "holds"])


def _made(inst: Instance, flows: pd.DataFrame) -> Rates:
    """What is made, by workload, site and period, in the mean [Mtok/s]."""
    made: Rates = defaultdict(float)
    rows = period_means(inst, flows)[["workload", "site", "period", "mtok_s"]]
    for k, s, t, mtok_s in rows.itertuples(index=False):
        made[k, s, t] += mtok_s
    return made


def _in_contingencies(inst: Instance, flows: pd.DataFrame) -> Rates:
    """The most that a site serves of a family in a state of a contingency, by period [Mtok/s]."""
    most: Rates = defaultdict(float)
    for f, family in inst.model_families.items():
        own = flows[flows["workload"].isin(family.served_by)]
        keys = ["site", "period", "contingency", "slice"]
        sums = own.groupby(keys, as_index=False)["mtok_s"].sum()
        for s, t, _, _, mtok_s in sums.itertuples(index=False):
            most[f, s, t] = max(most[f, s, t], mtok_s)
    return most


def model_transfers(inst: Instance, sites: pd.DataFrame) -> pd.DataFrame:
    """What is carried between sites: from the cheapest site that trains and may send it."""
    trains: dict[tuple[str, str], list[str]] = defaultdict(list)
    for f, s, t in sites.loc[sites["trains"] > 0, INDEX].itertuples(index=False):
        trains[f, t].append(s)
    wanting = sites.loc[(sites["holds"] > 0) & (sites["trains"] == 0), INDEX]
    rows = []
    for f, s, t in wanting.itertuples(index=False):
        ways = [a for a in trains[f, t] if barred(inst, f, a, s) is None]
        if ways:
            costs = {a: transfer_cost(inst, f, a, s, t) for a in ways}
            cheapest = min(costs, key=costs.__getitem__)
            rows.append((f, s, cheapest, t, carried_gb(inst, f, t), costs[cheapest]))
    return make_frame(rows, ["model_family", "site", "from_site", "period"], ["gb", "musd"])


def training_limits(
    inst: Instance, tables: Tables
) -> Iterator[tuple[str, str, str, float, float, float, str, bool]]:
    """The least training of every site that trains, as rows of the table of limits."""
    sites = tables["model_sites"]
    columns = [*INDEX, "trained_mtok_s"]
    for f, s, t, use in sites.loc[sites["trains"] > 0, columns].itertuples(index=False):
        least = least_training(inst, f, t)
        slack = use - least
        binds = slack < TOLERANCE * max(1.0, least)
        yield "model_training", f"{f}/{s}", t, use, least, slack, "Mtok/s", binds
