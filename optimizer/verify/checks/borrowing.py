"""Borrowing: what pools owe stays within their limits (B2), and interest follows from it."""

import numpy as np
import pandas as pd

from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan
from optimizer.verify.soft import over


def check(facts: Facts, plan: Plan, money: Money, findings: Findings) -> None:
    """Check B2 and the table of debt."""
    names, periods = list(facts.inst.budget.pools), facts.calendar.names
    most = facts.credit + over(plan, "borrowing", names)
    findings.at_most(
        "borrowing",
        plan.debt,
        most,
        lambda p, t: (
            f"the pool {names[p]} owes {amount(plan.debt[p, t], 'MUSD')} in {periods[t]}, "
            f"but may owe {amount(most[p, t], 'MUSD')}"
        ),
    )
    p, t = np.indices(plan.debt.shape).reshape(2, -1)
    expected = {
        "pool": p,
        "period": t,
        "debt_musd": plan.debt.ravel(),
        "interest_musd": money.accrued.ravel(),
        "required": False,
    }
    compare_rows(plan, findings, "borrowing", "debt", pd.DataFrame(expected))
