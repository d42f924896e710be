"""Model families: who trains and serves them, and what carrying them between sites costs."""

from dataclasses import dataclass

import numpy as np

from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.law import admits
from optimizer.verify.facts.network import site_prices_per_gb
from optimizer.verify.findings import TOLERANCE
from optimizer.verify.plan import Plan, total

NOTHING = 1e-5
"""Lower rates are none [Mtok/s]."""


@dataclass(frozen=True)
class ModelWork:
    """By family, site and period; only in periods in which the family is renewed."""

    trained: Floats
    """Training, in the mean of the period [Mtok/s]."""
    served: Floats
    """What uses the models, in the mean of the period [Mtok/s]."""
    trains: Bools
    """True where the training is the least that it takes."""
    holds: Bools
    """True where the models are used, or would be in a contingency."""
    least: Floats
    """Training that makes a site one that trains, by family and period [Mtok/s]."""


def model_work(facts: Facts, plan: Plan) -> ModelWork:
    """What sites do for each model family."""
    inst, flows, streams = facts.inst, plan.flows, facts.streams
    names, share = list(inst.workloads), facts.slices.share
    shape = (len(names), len(inst.sites), facts.calendar.count)
    where = (flows.workload, flows.site, flows.period)
    made = total(shape, where, share[flows.slice] * flows.mtok_s)
    ready = _ready(plan)
    asked = np.zeros((len(names), facts.calendar.count))
    np.add.at(asked, streams.workload, streams.demand @ share)
    families = inst.model_families.values()
    trained, served = np.zeros((2, len(families), *shape[1:]))
    trains, holds = np.zeros((2, *trained.shape), dtype=bool)
    least = np.zeros((len(families), shape[2]))
    for i, family in enumerate(families):
        teacher = names.index(family.trained_by)
        least[i] = family.least_training_share * asked[teacher]
        users = [names.index(k) for k in set(family.served_by)]
        renewed = least[i] >= NOTHING
        enough = made[teacher] >= least[i] - TOLERANCE * np.maximum(1.0, least[i])
        used = made[users].sum(axis=0)
        at_hand = ready[users].sum(axis=0).max(axis=(0, 3))
        trains[i] = enough & renewed
        holds[i] = (np.maximum(used, at_hand) > NOTHING) & renewed
        told = trains[i] | holds[i]
        trained[i], served[i] = np.where(told, made[teacher], 0.0), np.where(told, used, 0.0)
    return ModelWork(trained, served, trains, holds, least)


def _ready(plan: Plan) -> Floats:
    """Tokens made in contingencies, by workload, contingency, site, period and slice [Mtok/s]."""
    frame = plan.tables["contingency_flows"]
    keys = ("workload", "contingency", "site", "period", "slice")
    # One more contingency, in which nothing happens: there is none in most instances.
    sizes = [len(plan.names[key]) + (key == "contingency") for key in keys]
    where = tuple(frame[key].to_numpy(dtype=np.int64) for key in keys)
    return total(tuple(sizes), where, frame["mtok_s"].to_numpy(dtype=float))


def carried_gb(facts: Facts, plan: Plan) -> Floats:
    """What each row of the table of transfers carries [GB]."""
    rows, families = plan.tables["model_transfers"], facts.inst.model_families.values()
    per_year = np.array([f.size_gb * f.transfers_per_year for f in families], dtype=float)
    place, t = (rows[key].to_numpy(dtype=np.int64) for key in ("model_family", "period"))
    gb: Floats = per_year[place] * facts.calendar.years[t]
    return gb


def row_musd(facts: Facts, plan: Plan) -> Floats:
    """What each row of the table of transfers costs [MUSD]."""
    rows = plan.tables["model_transfers"]
    way = tuple(rows[key].to_numpy(dtype=np.int64) for key in ("from_site", "site"))
    musd: Floats = carried_gb(facts, plan) * site_prices_per_gb(facts.inst)[way] / 1e6
    return musd


def carrying_musd(facts: Facts, plan: Plan) -> Floats:
    """What sites pay for the models that they get, by site and period [MUSD]."""
    rows = plan.tables["model_transfers"]
    where = tuple(rows[key].to_numpy(dtype=np.int64) for key in ("site", "period"))
    return total(plan.opened.shape, where, row_musd(facts, plan))


def lawful_ways(facts: Facts) -> Bools:
    """True where weights may go: by family, site they come from, and site they go to."""
    inst = facts.inst
    count = len(inst.sites)
    lawful = np.ones((len(inst.model_families), count, count), dtype=bool)
    for i, family in enumerate(inst.model_families.values()):
        if family.weights_data_class is not None:
            for a, site in enumerate(inst.sites.values()):
                lawful[i, a] = admits(inst, site.jurisdiction, family.weights_data_class)
    return lawful
