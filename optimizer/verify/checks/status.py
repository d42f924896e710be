"""Status: what the plan claims about its quality is consistent and possible."""

from collections.abc import Mapping
from typing import Any

from optimizer.verify.claims import number, section
from optimizer.verify.findings import TOLERANCE, Findings, amount

WITH_PLAN = ("optimal", "feasible")
"""The states of a solve that leave a plan."""


def check(claim: Mapping[str, Any], findings: Findings) -> None:
    """Check status, bound and gap."""
    status = claim.get("status")
    if status not in WITH_PLAN:
        findings.add("status", f"the status is '{status}', which leaves no plan to check")
        return
    objective, bound = number(claim.get("objective_musd")), number(claim.get("bound_musd"))
    if bound is None:
        if status == "optimal":
            findings.add("status", "the plan is called optimal, but has no bound")
        return
    if objective is None:
        return
    findings.at_most(
        "status",
        bound,
        objective + TOLERANCE * max(1.0, abs(objective)),
        lambda: (
            f"the bound {amount(bound, 'MUSD')} is above the objective {amount(objective, 'MUSD')}"
        ),
    )
    gap = (objective - bound) / abs(objective) if objective else None
    told = number(claim.get("gap"))
    if gap is not None:
        if told is None or not abs(told - gap) <= TOLERANCE:
            findings.add(
                "status", f"the gap is given as {told}; objective and bound make it {gap:.6g}"
            )
        asked = number(section(claim, "options").get("gap"))
        if status == "optimal" and asked is not None and not gap <= asked + TOLERANCE:
            message = f"the plan is called optimal with a gap of {gap:.6g}, but {asked} was asked"
            findings.add("status", message, gap - asked)
