"""Commitments: what is agreed stays, or is changed where that is allowed (W1 to W3)."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.commitments import Agreed, read_agreed
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, Message, amount
from optimizer.verify.plan import Plan
from optimizer.verify.specs import COMMITTED, EMPTY


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check W1, W2, W3 and the table of commitments."""
    agreed, periods = read_agreed(facts, plan), facts.calendar.names

    def at(i: int, t: int) -> str:
        return f"{' '.join(part for part in agreed.things[i] if part)} in {periods[t]}"

    standing = agreed.committed - agreed.cancelled - agreed.delayed
    findings.refuse(
        "commitments",
        agreed.frozen & (agreed.ordered != agreed.committed),
        lambda i, t: (
            f"{at(i, t)} is frozen: {amount(agreed.committed[i, t])} are committed, but "
            f"{amount(agreed.ordered[i, t])} ordered"
        ),
    )
    findings.at_most(
        "commitments",
        standing,
        agreed.ordered,
        lambda i, t: (
            f"{at(i, t)}: {amount(standing[i, t])} of what is committed stand, but only "
            f"{amount(agreed.ordered[i, t])} are ordered"
        ),
    )
    findings.at_most(
        "commitments",
        agreed.cancelled + agreed.delayed,
        agreed.committed,
        lambda i, t: (
            f"{at(i, t)}: {amount(agreed.cancelled[i, t] + agreed.delayed[i, t])} are cancelled "
            f"or delayed, but only {amount(agreed.committed[i, t])} committed"
        ),
    )
    told = facts.inst.commitments
    for what, changed, share in (
        ("cancelled", agreed.cancelled, told.cancel_share),
        ("delayed", agreed.delayed, told.delay_share),
    ):
        findings.refuse(
            "commitments",
            (changed != 0) & (agreed.frozen | (share is None)),
            lambda i, t, what=what: f"{at(i, t)} may not be {what}",
        )
    _check_delays(agreed, standing, findings, at)
    compare_rows(plan, findings, "commitments", "commitments", _expected(plan, agreed, standing))


def _check_delays(agreed: Agreed, standing: Floats, findings: Findings, at: Message) -> None:
    """Everything that is delayed is ordered in a later period, on top of what stands there."""
    extra = agreed.ordered - standing
    unmet = np.zeros(extra.shape)
    room = np.zeros(len(agreed.things))
    for t in reversed(range(extra.shape[1])):
        # What comes later than t can take what is delayed in t.
        taken = np.minimum(room, agreed.delayed[:, t])
        unmet[:, t] = agreed.delayed[:, t] - taken
        room += np.maximum(extra[:, t], 0.0) - taken
    findings.at_most(
        "commitments",
        unmet,
        0.0,
        lambda i, t: f"{at(i, t)}: {amount(unmet[i, t])} are delayed, but not ordered later",
    )


def _expected(plan: Plan, agreed: Agreed, standing: Floats) -> pd.DataFrame:
    """The table of commitments anew."""
    i, t = np.nonzero(agreed.committed)
    names = plan.names["name"]
    return pd.DataFrame(
        {
            "site": agreed.site[i],
            "what": [COMMITTED.index(agreed.things[one][1]) for one in i],
            "name": [names.index(n) if (n := agreed.things[one][2]) else EMPTY for one in i],
            "period": t,
            "committed": agreed.committed[i, t],
            "kept": standing[i, t],
            "required": True,
        }
    ).astype({"what": np.int64, "name": np.int64, "required": bool})
