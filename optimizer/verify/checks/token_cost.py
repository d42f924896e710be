"""Cost of a token: each cost is shared among the tokens it makes, and nothing is lost."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats
from optimizer.verify.checks.costs import adds_up
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.money import USD_PER_MUSD, Money
from optimizer.verify.plan import Plan, total
from optimizer.verify.specs import EMPTY


def check(
    facts: Facts, plan: Plan, money: Money, claim: Mapping[str, Any], findings: Findings
) -> None:
    """Check the table of the cost of a token, and that it sums to the objective."""
    compare_rows(plan, findings, "cost", "cost_per_mtok", _expected(facts, plan, money))
    told = plan.tables["cost_per_mtok"]
    made = told["mtok"].to_numpy() > 0
    per_mtok = USD_PER_MUSD * told["musd"].to_numpy()[made] / told["mtok"].to_numpy()[made]
    claimed = told["usd_per_mtok"].to_numpy()[made]
    findings.equal(
        "cost",
        claimed,
        per_mtok,
        lambda i: (
            f"the table cost_per_mtok gives {amount(claimed[i], 'USD per Mtok')} where its "
            f"money and tokens give {amount(per_mtok[i])}"
        ),
    )
    everything = float((told["musd"] + told["shortfall_musd"] - told["revenue_musd"]).sum())
    adds_up(findings, "the table cost_per_mtok", everything, claim)


def _expected(facts: Facts, plan: Plan, money: Money) -> pd.DataFrame:
    """The table anew: by region, workload and period, and the sites that made nothing."""
    flows, discount = plan.flows, facts.calendar.df_middle[plan.flows.period]
    shares, idle = _site_costs_of_flows(facts, plan, money)
    shape = (len(facts.inst.regions), len(facts.inst.workloads), facts.calendar.count)
    where = (flows.region, flows.workload, flows.period)
    seconds = facts.seconds[flows.period, flows.slice]
    mtok = total(shape, where, discount * seconds * flows.mtok_s)
    musd = total(shape, where, shares + discount * money.network)
    earned, fees = np.zeros(shape), money.revenue * money.df_middle
    np.add.at(earned, (facts.streams.region, facts.streams.workload), fees)
    bought_mtok, bought_musd = _bought(facts, plan, money, shape)
    mtok, musd = mtok + bought_mtok, musd + bought_musd
    short = np.zeros(shape)
    by_stream = (money.shortfall + money.missing) * money.df_middle
    np.add.at(short, (facts.streams.region, facts.streams.workload), by_stream)
    r, k, t = np.indices(shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "region": np.append(r, EMPTY),
            "workload": np.append(k, EMPTY),
            "period": np.append(t, facts.calendar.count - 1),
            "mtok": np.append(mtok, 0.0),
            "musd": np.append(musd, idle),
            "shortfall_musd": np.append(short, 0.0),
            "revenue_musd": np.append(earned, 0.0),
            "required": False,
        }
    )


def _bought(
    facts: Facts, plan: Plan, money: Money, shape: tuple[int, ...]
) -> tuple[Floats, Floats]:
    """Tokens bought and what they cost, discounted, by region, workload and period."""
    rows, calendar = plan.rentals, facts.calendar
    mean = facts.slices.share[rows.slice] * rows.mtok_s
    share = mean / np.maximum(plan.bought, np.finfo(float).tiny)[rows.site, rows.period]
    where, df = (rows.region, rows.workload, rows.period), calendar.df_middle[rows.period]
    tokens = total(shape, where, df * calendar.seconds[rows.period] * mean)
    return tokens, total(shape, where, df * share * money.rent[rows.site, rows.period])


def _site_costs_of_flows(facts: Facts, plan: Plan, money: Money) -> tuple[Floats, float]:
    """What each flow bears of its site's cost, and what none bears [MUSD]."""
    flows = plan.flows
    cost = -money.df_end * money.end_value
    for term, worth in money.discounted.items():
        if term != "network":
            cost = cost + worth.sum(axis=1)
    shape = (len(facts.inst.sites), len(facts.inst.workloads), *facts.seconds.shape)
    where = (flows.site, flows.workload, flows.period, flows.slice)
    made = total(shape, where, flows.mtok_s)
    peak = np.einsum("suktx,u->sktx", plan.runs, facts.it_mw)
    hours = np.multiply.outer(facts.calendar.hours, facts.slices.share)
    # Work that no token comes of bears no cost: it would be lost from the table.
    weight = np.where(made > 0, peak * facts.calendar.df_middle[:, None] * hours, 0.0)
    site_weight = weight.sum(axis=(1, 2, 3))
    works = site_weight > 0
    rate = np.where(works, cost, 0.0) / np.where(works, site_weight, 1.0)
    per_mtok_s = rate[:, None, None, None] * weight / np.where(made > 0, made, 1.0)
    idle = float(cost[~works].sum() + money.penalties_worth.sum()) + money.costs["portability"]
    return per_mtok_s[where] * flows.mtok_s, idle
