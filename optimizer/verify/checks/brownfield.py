"""Conversion and lease: no more than exists, for as long as promised (M1, M2, L1 to L4)."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import TOLERANCE, Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check conversions and leases, and their tables."""
    _check_conversions(facts, plan, findings)
    _check_leases(facts, plan, findings)
    _check_tables(facts, plan, findings)


def _check_conversions(facts: Facts, plan: Plan, findings: Findings) -> None:
    sites, periods, brown = list(facts.inst.sites), facts.calendar.names, facts.brownfield
    findings.refuse(
        "conversion",
        (plan.converting > 0) & ~(brown.conversion.exists & (brown.mining_mw > 0)),
        lambda s, t: (
            f"{amount(plan.converting[s, t], 'MW')} are converted at {sites[s]} in {periods[t]}, "
            "where no mining is, or too late to serve"
        ),
    )
    most = brown.mining_mw * np.clip(plan.is_open, 0.0, 1.0)
    done = plan.converted
    findings.at_most(
        "conversion",
        done,
        most,
        lambda s, t: (
            f"{amount(done[s, t], 'MW')} are converted at {sites[s]} up to {periods[t]}; it is "
            f"{'open' if plan.is_open[s, t] > 0 else 'closed'} and has "
            f"{amount(brown.mining_mw[s, t], 'MW')} of mining"
        ),
    )
    _check_blocks(facts, plan.converting, brown.conversion_block, "conversion", findings)


def _check_leases(facts: Facts, plan: Plan, findings: Findings) -> None:
    sites, periods, brown = list(facts.inst.sites), facts.calendar.names, facts.brownfield
    leased = plan.leased
    findings.refuse(
        "lease",
        (leased > 0) & brown.in_lead,
        lambda s, t: (
            f"{amount(leased[s, t], 'MW')} are leased at {sites[s]} in {periods[t]}, where "
            "nothing is for lease by then"
        ),
    )
    most = brown.leasable_mw * np.clip(plan.is_open, 0.0, 1.0)
    findings.at_most(
        "lease",
        leased,
        most,
        lambda s, t: (
            f"{amount(leased[s, t], 'MW')} are leased at {sites[s]} in {periods[t]}; it is "
            f"{'open' if plan.is_open[s, t] > 0 else 'closed'} and offers "
            f"{amount(brown.leasable_mw[s, t], 'MW')}"
        ),
    )
    bound = bound_mw(facts, plan)
    findings.at_most(
        "lease",
        bound,
        leased,
        lambda s, t: (
            f"{amount(leased[s, t], 'MW')} are leased at {sites[s]} in {periods[t]}, but the least "
            f"term of {amount(bound[s, t], 'MW')} is not over"
        ),
    )
    _check_blocks(facts, leased, brown.lease_block, "lease", findings)


def bound_mw(facts: Facts, plan: Plan) -> Floats:
    """What must stay leased because its least term is not over, by site and period [IT MW]."""
    began, ends = plan.newly_leased, facts.brownfield.term_ends
    bound = np.zeros(began.shape)
    for t in range(began.shape[1]):
        held = ends[:, : t + 1] > t
        bound[:, t] = (began[:, : t + 1] * held).sum(axis=1)
    return bound


def _check_blocks(facts: Facts, mw: Floats, block: Floats, family: str, findings: Findings) -> None:
    """Check that amounts are whole blocks, where there are blocks."""
    sites, periods = list(facts.inst.sites), facts.calendar.names
    size = np.where(block > 0, block, 1.0)[:, None]
    away = np.abs(mw - size * np.round(mw / size))
    findings.refuse(
        family,
        (block > 0)[:, None] & (away > TOLERANCE * np.maximum(1.0, mw)),
        lambda s, t: (
            f"{amount(mw[s, t], 'MW')} at {sites[s]} in {periods[t]} are no whole number of "
            f"blocks of {amount(block[s], 'MW')}"
        ),
    )


def _check_tables(facts: Facts, plan: Plan, findings: Findings) -> None:
    brown = facts.brownfield
    s, t = np.indices(plan.leased.shape).reshape(2, -1)
    standing = np.where(brown.has_mine[:, None], brown.mining_mw - plan.converted, 0.0)
    expected = {
        "conversions": {
            "ordered_mw": plan.converting,
            "converted_mw": plan.converted,
            "hall_mw": plan.converted_hall_mw,
            "mining_mw": standing,
            "blocks": _blocks(plan.converting, brown.conversion_block),
            "required": (brown.mining_mw > 0) | (plan.converted > 0),
        },
        "leases": {
            "leased_mw": plan.leased,
            "new_mw": plan.newly_leased,
            "blocks": _blocks(plan.leased, brown.lease_block),
            "required": plan.leased > 0,
        },
    }
    for table, columns in expected.items():
        flat = {name: array.ravel() for name, array in columns.items()}
        frame = pd.DataFrame({"site": s, "period": t, **flat})
        compare_rows(plan, findings, table.removesuffix("s"), table, frame)


def _blocks(mw: Floats, block: Floats) -> Floats:
    blocks: Floats = np.where(block[:, None] > 0, mw / np.where(block > 0, block, 1.0)[:, None], 0)
    return np.round(blocks)
