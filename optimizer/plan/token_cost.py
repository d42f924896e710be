"""The cost of a token by region, workload and period; the shares add up to the objective."""

import pandas as pd

from models import prices
from models.finance import discount_middle
from models.instance import Instance
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import look_up, look_up_states, make_frame
from optimizer.plan.rentals import rent_of_rows
from optimizer.plan.resilience import missing

INDEX = ["region", "workload", "period"]
WORK = ["site", "workload", "period", "slice"]


def cost_per_mtok(inst: Instance, tables: Tables, paid: pd.DataFrame) -> pd.DataFrame:
    """Share every site's cost among the tokens it makes (docs/plan-format.md)."""
    df = {o: discount_middle(inst, state.period) for o, state in inst.states.items()}
    flows = tables["flows"].copy()
    seconds = {o: df[o] * prices.tokens(inst, o) for o in df}
    flows["mtok"] = flows["mtok_s"] * look_up_states(inst, flows, seconds)
    flows["weight"] = _weights(inst, tables, df)
    streams = ["network", "rent", "shortfall", "revenue", "contingency_shortfall"]
    sites = paid[~paid["term"].isin(streams)]
    site_cost = sites.groupby("site")["discounted_musd"].sum()
    total = flows.groupby("site")["weight"].sum()
    flows["musd"] = (
        flows["weight"] / look_up(flows["site"], total) * look_up(flows["site"], site_cost)
    ).fillna(0.0)
    price = pd.Series(inst.carrying_price)
    pairs = pd.MultiIndex.from_frame(flows[["region", "workload", "site"]])
    flows["musd"] += flows["mtok"] * price.reindex(pairs).to_numpy() / 1e6
    earned = {k: w.revenue_usd_per_mtok for k, w in inst.workloads.items()}
    counted = inst.objective == "profit"
    short = tables["shortfall"].copy()
    unserved = {k: w.shortfall_price_usd_per_mtok or 0.0 for k, w in inst.workloads.items()}
    short["shortfall_musd"] = (
        short["mtok_s"]
        * look_up_states(inst, short, seconds)
        * look_up(short["workload"], unserved)
        / 1e6
    )
    rented = tables["rentals"].copy()
    rented["mtok"] = rented["mtok_s"] * look_up_states(inst, rented, seconds)
    rented["musd"] = rent_of_rows(inst, tables) * look_up_states(inst, rented, df)
    for served in (flows, rented):
        fee = look_up(served["workload"], earned)
        served["revenue_musd"] = served["mtok"] * fee / 1e6 * counted
    parts = [
        rented[[*INDEX, "mtok", "musd", "revenue_musd"]],
        flows[[*INDEX, "mtok", "musd", "revenue_musd"]],
        short[[*INDEX, "shortfall_musd"]],
        _missing(inst, tables),
        _idle_sites(inst, site_cost, total),
    ]
    frame = pd.concat(parts).groupby(INDEX, sort=False).sum().reset_index()
    frame["usd_per_mtok"] = (frame["musd"] / frame["mtok"] * 1e6).where(frame["mtok"] > 0)
    place = {
        "region": {r: i for i, r in enumerate((*inst.regions, ""))},
        "workload": {k: i for i, k in enumerate((*inst.workloads, ""))},
        "period": {t: i for i, t in enumerate(inst.periods)},
    }
    ordered = frame.sort_values(INDEX, key=lambda column: column.map(place[str(column.name)]))
    return ordered.reset_index(drop=True)


def _missing(inst: Instance, tables: Tables) -> pd.DataFrame:
    """What is missing in contingencies stands with the shortfall of its stream."""
    rows = []
    for j, e, mtok_s in missing(inst, tables):
        stream, t = inst.streams[j], inst.contingency_states[e].period
        musd = mtok_s * prices.contingency_shortfall(inst, j, e) * discount_middle(inst, t)
        rows.append((stream.region, stream.workload, t, musd))
    return make_frame(rows, INDEX, ["shortfall_musd"])


def _weights(inst: Instance, tables: Tables, df: dict[str, float]) -> pd.Series:
    """W of each flow: discounted IT energy at the peak, split by flow within site and workload."""
    runs = tables["runs"]
    it_mw = look_up(runs["unit_type"], {u: unit.it_mw for u, unit in inst.unit_types.items()})
    hours = look_up_states(inst, runs, {o: df[o] * prices.hours(inst, o) for o in df})
    work = runs.assign(weight=runs["units"] * it_mw * hours).groupby(WORK)["weight"].sum()
    flows = tables["flows"]
    share = flows["mtok_s"] / flows.groupby(WORK)["mtok_s"].transform("sum")
    at = pd.MultiIndex.from_frame(flows[WORK])
    weights: pd.Series = share * work.reindex(at).fillna(0.0).to_numpy()
    return weights


def _idle_sites(inst: Instance, cost: pd.Series, weight: pd.Series) -> pd.DataFrame:
    """What is paid for no token, in the last period: idle sites, moving work, and violations."""
    idle = [s for s in cost.index if not weight.get(s, 0.0) > 0]
    musd = float(cost[idle].sum())
    rows = [("", "", list(inst.periods)[-1], 0.0, musd)] if idle and musd else []
    return make_frame(rows, INDEX, ["mtok", "musd"])
