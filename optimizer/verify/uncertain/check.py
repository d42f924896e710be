"""Check a plan with scenarios: one by one with the ordinary checks, then what ties them."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from models.instance import Instance
from optimizer.verify.checks import status
from optimizer.verify.findings import FAMILIES, Findings, Verification, Violation
from optimizer.verify.uncertain import orders, risk, sharing
from optimizer.verify.uncertain.reading import FAMILY, claim_of, split

Check = Callable[[Instance, Mapping[str, pd.DataFrame], Mapping[str, Any]], Verification]


def verify_uncertain(
    inst: Instance,
    tables: Mapping[str, pd.DataFrame],
    claim: Mapping[str, Any],
    check_alone: Check,
) -> Verification:
    """Check the tables and figures of a plan with scenarios.

    Args:
        inst: the instance.
        tables: the plan's tables.
        claim: the content of plan.json.
        check_alone: checks the plan of one scenario against the scenario's instance.
    """
    findings = Findings((*FAMILIES, FAMILY))
    own = split(inst, tables, findings)
    found: list[Violation] = []
    largest = dict.fromkeys(FAMILIES, 0.0)
    for w, future in inst.scenario_instances.items():
        alone = check_alone(future, own[w], claim_of(claim, w))
        for one in alone.violations:
            found.append(Violation(one.family, f"scenario {w}: {one.message}", one.amount))
        for family, amount in alone.largest.items():
            largest[family] = max(largest.get(family, 0.0), amount)
    sharing.check(inst, own, findings)
    risk.check(inst, own, tables, claim, findings)
    orders.check(inst, own, tables, findings)
    status.check(claim, findings)
    result = findings.result()
    largest |= {name: max(size, largest.get(name, 0.0)) for name, size in result.largest.items()}
    return Verification((*found, *result.violations), largest)
