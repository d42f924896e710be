"""Contingencies: what is protected is served by what is left (N1 to N3)."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.checks.origin import check_fits
from optimizer.verify.checks.rentals import lawful_purchases
from optimizer.verify.checks.routes import latency_limits, lawful_flows
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.contingencies import Evidence, evidence
from optimizer.verify.facts import Facts
from optimizer.verify.findings import ROUNDING, Findings, amount
from optimizer.verify.plan import Plan, total


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check flows and work of every contingency, and the table of resilience."""
    rows = []
    for x in range(len(facts.contingencies.names)):
        one = evidence(facts, plan, x)
        _check_routes(facts, plan, one, x, findings)
        _check_work(facts, one, x, findings)
        _check_demand(facts, one, x, findings)
        rows.append(resilience(facts, one).assign(contingency=x))
    nothing = pd.DataFrame(columns=["contingency", "workload", "period", "slice", "required"])
    expected = pd.concat(rows, ignore_index=True) if rows else nothing
    compare_rows(plan, findings, "contingencies", "resilience", expected)


def _check_routes(facts: Facts, plan: Plan, one: Evidence, x: int, findings: Findings) -> None:
    """Tokens come lawfully from what is left, in periods in which it may happen (N4 to N6)."""
    losses, flows, rentals = facts.contingencies, one.flows, one.rentals
    limit = latency_limits(facts)[flows.workload] * (1.0 + ROUNDING)
    offers = facts.inst.rentals.values()
    taking = np.array([any(offer.least_mtok_s.values()) for offer in offers], dtype=bool)
    for rows, names, rules in (
        (
            flows,
            list(facts.inst.sites),
            (
                (lawful_flows(facts, plan, flows), "which its law forbids"),
                (facts.rtt_ms[flows.region, flows.site] <= limit, "which is too far away"),
                (~losses.lost[x][flows.site], "which is lost"),
            ),
        ),
        (
            rentals,
            list(facts.inst.rentals),
            (
                *lawful_purchases(facts, rentals),
                (~losses.lost_offers[x][rentals.site], "which is lost"),
                (~taking[rentals.site], "which has a least take"),
            ),
        ),
    ):
        every = (
            (rows.stream >= 0, "for a stream that nobody asks for"),
            (losses.happens[x][rows.period], "though it takes nothing away then"),
        )
        for holds, reason in (*rules, *every):
            findings.refuse(
                "contingencies",
                (rows.mtok_s > ROUNDING) & ~holds,
                lambda i, rows=rows, names=names, reason=reason: (
                    f"in {losses.names[x]} tokens come from {names[rows.site[i]]} in "
                    f"{facts.calendar.names[rows.period[i]]}, {reason}"
                ),
            )
    shape = (len(offers), *facts.seconds.shape)
    where = rentals.site, rentals.period, rentals.slice
    bought = total(shape, where, facts.peak[rentals.workload] * rentals.mtok_s)
    most = np.broadcast_to(facts.rentals.most[:, :, None], shape)
    findings.at_most(
        "contingencies",
        bought,
        most,
        lambda i, t, h: (
            f"in {losses.names[x]} {amount(bought[i, t, h], 'Mtok/s')} are bought from "
            f"{list(facts.inst.rentals)[i]} at the peak of {facts.when(t, h)}, which has "
            f"{amount(most[i, t, h])}"
        ),
    )
    prefix = f"in {losses.names[x]} "
    check_fits(facts, flows, one.runs, "contingencies", prefix, findings)


def _check_work(facts: Facts, one: Evidence, x: int, findings: Findings) -> None:
    """N1 and N2."""
    inst, name = facts.inst, facts.contingencies.names[x]
    sites, types, workloads = list(inst.sites), list(inst.unit_types), list(inst.workloads)
    busy = one.runs.sum(axis=2)
    ready = np.broadcast_to(one.available[..., None], busy.shape)
    findings.at_most(
        "contingencies",
        busy,
        ready,
        lambda s, u, t, h: (
            f"in {name} {amount(busy[s, u, t, h], 'units')} of {types[u]} work at {sites[s]} in "
            f"{facts.when(t, h)}, but only {amount(ready[s, u, t, h])} are left and available"
        ),
    )
    can = np.einsum("sukt,sukth->skth", facts.tokens, one.runs)
    findings.at_most(
        "contingencies",
        one.made,
        can,
        lambda s, k, t, h: (
            f"in {name} {sites[s]} makes {amount(one.made[s, k, t, h], 'Mtok/s')} of "
            f"{workloads[k]} at the peak of {facts.when(t, h)}, but its units at work make "
            f"{amount(can[s, k, t, h])}"
        ),
    )


def _check_demand(facts: Facts, one: Evidence, x: int, findings: Findings) -> None:
    """N3: no more than is asked for is served, and no less where nothing may be missing."""
    streams, name = facts.streams, facts.contingencies.names[x]
    strict = np.isnan(facts.contingencies.price)[:, None, None]

    def told(j: int, t: int, h: int) -> str:
        return (
            f"in {name} {amount(one.asked[j, t, h], 'Mtok/s')} of {'/'.join(streams.names[j])} "
            f"are asked for in {facts.when(t, h)}, but {amount(one.served[j, t, h])} are served"
        )

    findings.at_most("contingencies", one.served, one.asked, told)
    findings.at_most("contingencies", np.where(strict, one.asked, 0.0), one.served, told)


def resilience(facts: Facts, one: Evidence) -> pd.DataFrame:
    """The table of resilience of one contingency: by workload, period and slice."""
    shape = (len(facts.inst.workloads), *facts.seconds.shape)
    j, t, h = np.indices(one.asked.shape).reshape(3, -1)
    where = facts.streams.workload[j], t, h
    demand, asked, served = (
        total(shape, where, amounts.ravel()) for amounts in (one.demand, one.asked, one.served)
    )
    k, t, h = np.indices(shape).reshape(3, -1)
    rows = pd.DataFrame(
        {
            "workload": k,
            "period": t,
            "slice": h,
            "demand_mtok_s": demand.ravel(),
            "asked_mtok_s": asked.ravel(),
            "served_mtok_s": served.ravel(),
            "share": (served / np.where(demand > 0, demand, 1.0)).ravel(),
            "required": (asked > 0).ravel(),
        }
    )
    return pd.DataFrame(rows[rows["required"]])


def worst_share_kept(facts: Facts, plan: Plan) -> float | None:
    """The least part of a workload's protected demand that is served; None if none is asked for."""
    every = range(len(facts.contingencies.names))
    shares = [resilience(facts, evidence(facts, plan, x))["share"].to_numpy() for x in every]
    kept = np.concatenate([[], *shares])
    return float(kept.min()) if kept.size else None


def contingency_work(facts: Facts, plan: Plan, x: int) -> tuple[Floats, Floats, Bools]:
    """Units at work in the slice with the most, units available, and if any are asked for."""
    one = evidence(facts, plan, x)
    asked: Bools = one.asked.max(axis=0, initial=0.0) > 0
    work: Floats = np.where(asked, one.runs.sum(axis=(0, 1, 2)), 0.0).max(axis=1)
    there: Floats = one.available.sum(axis=(0, 1))
    happens: Bools = asked.max(axis=1)
    return work, there, happens
