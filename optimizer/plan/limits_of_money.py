"""Limits on money: capital pools, their debts, and running costs."""

from collections.abc import Iterator
from math import inf

import pandas as pd

from models.borrowing import borrowers, most_debt
from models.finance import granted
from models.instance import Instance
from models.payments import due_in
from models.pools import covered
from models.prices import POOLED, opex_allowance
from optimizer.plan.decisions import Tables
from optimizer.plan.limit_rows import Row, Steps, limit_row


def pool_limits(inst: Instance, tables: Tables, paid: pd.DataFrame) -> Iterator[Row]:
    """Payments against grants and what may be borrowed; without carry-over with repayments."""
    capital = paid[paid["term"].isin(POOLED)]
    spent = capital.groupby([capital["site"].map(inst.pool_of), "period"])["musd"].sum().to_dict()
    owed = tables["debt"].set_index(["pool", "period"])["debt_musd"].to_dict()
    least = _least_payments(inst)
    nothing = dict.fromkeys(inst.periods, 0.0)
    may_borrow = borrowers(inst)
    for p, purse in inst.budget.pools.items():
        credit = most_debt(inst, p) if p in may_borrow else nothing
        used = granted_so_far = owed_before = 0.0
        for t, grant in granted(inst, p).items():
            kept = purse.carry_over
            used = spent.get((p, t), 0.0) + (used if kept else owed_before)
            granted_so_far = grant + (granted_so_far if kept else 0.0)
            owed_before = owed.get((p, t), 0.0)
            allowed = granted_so_far + credit[t]
            yield limit_row("budget", p, t, used, allowed, "MUSD", least.get((p, t), 0.0))


def _least_payments(inst: Instance) -> Steps:
    """The least payment for one unit that can fall due, by pool and period [MUSD]."""
    least: Steps = {}
    for u, unit in inst.unit_types.items():
        for t, parts in due_in(inst, unit.payments).items():
            for s in inst.sites:
                for τ, share in parts:
                    if (s, u, τ) in inst.services and (p := inst.pool_of[s]) is not None:
                        price = share * inst.unit_capex(s, u)
                        least[p, t] = min(price, least.get((p, t), inf))
    return least


def debt_limits(inst: Instance, tables: Tables) -> Iterator[Row]:
    """What pools owe, against what they may."""
    owed = tables["debt"].set_index(["pool", "period"])["debt_musd"].to_dict()
    for p in borrowers(inst):
        for t, most in most_debt(inst, p).items():
            yield limit_row("borrowing", p, t, owed.get((p, t), 0.0), most, "MUSD")


def opex_limits(inst: Instance, paid: pd.DataFrame) -> Iterator[Row]:
    """Running costs under each cap."""
    running = paid.groupby(["site", "period", "term"])["musd"].sum().to_dict()
    for c, cap in inst.budget.opex_caps.items():
        sites = covered(inst, inst.budget.opex_caps[c])
        for t in inst.periods:
            use = sum(running.get((s, t, term), 0.0) for s in sites for term in cap.terms)
            yield limit_row("opex", c, t, use, opex_allowance(inst, c, t), "MUSD")
