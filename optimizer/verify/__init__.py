"""The checker: is a plan what it claims to be?

It recomputes every constraint, every cost and every key figure from the instance's entities and
the plan's tables alone. It knows no Pyomo and no solver, and shares no formula with the model.

`arrays` names the array types · `findings` holds violations and tolerances · `facts` reads the
instance · `tables` and `claims` read the plan's files · `plan` and `money` say what follows
from them · `checks` holds one file per family · `uncertain` adds what ties scenarios together.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from models.instance import Instance
from optimizer.verify.checks import run_all
from optimizer.verify.facts import read_facts
from optimizer.verify.findings import Findings, Verification, Violation
from optimizer.verify.plan import read_plan
from optimizer.verify.tables import read_tables, vocabulary
from optimizer.verify.uncertain import verify_uncertain

__all__ = ["Verification", "Violation", "verify_tables"]


def verify_tables(
    inst: Instance, tables: Mapping[str, pd.DataFrame], claim: Mapping[str, Any]
) -> Verification:
    """Check a plan's tables (docs/plan-format.md) and the figures of its plan.json (`claim`)."""
    if inst.scenarios:
        return verify_uncertain(inst, tables, claim, verify_tables)
    findings = Findings()
    facts = read_facts(inst)
    names = vocabulary(inst, facts.calendar.names, facts.slices.names)
    read = read_tables(names, tables, findings)
    # Absurd amounts overflow to infinity and "not a number", which every check refuses.
    with np.errstate(over="ignore", invalid="ignore"):
        run_all(facts, read_plan(facts, names, read), claim, findings)
    return findings.result()
