"""The plan of what a search found, checked; without one, what is known instead."""

from collections.abc import Mapping

import pandas as pd

from models.instance import Instance
from models.objectives import MONEY
from optimizer.account import Times, versions
from optimizer.certificate.without import SOME_STATES, no_duals
from optimizer.compiling import CompiledModel
from optimizer.goals import Found
from optimizer.hashing import instance_sha256
from optimizer.options import Options
from optimizer.own import OwnFamily, Tables, told_options, verify_with, with_limits
from optimizer.plan.assemble import Contents, assemble
from optimizer.plan.evidence import Evidence
from optimizer.plan.limit_values import limit_values
from optimizer.plan.plan import INTERRUPTED, Plan
from optimizer.search import proven


def plan_of(
    own: tuple[OwnFamily, ...],
    inst: Instance,
    compiled: CompiledModel | None,
    options: Options,
    found: Found,
    times: Times,
    contingencies: dict[str, pd.DataFrame] | None = None,
) -> Plan:
    """The plan of a search's result, checked; without one, what is known instead.

    `contingencies` are the tables of contingencies where the model does not have all states.
    """
    contents, result = Contents({}, {}, {}), found.result
    tables: Tables = contents.tables
    name = inst.objective
    bounds = {goal: proof.bound for goal, proof in found.proofs.items()}
    money = next((goal for goal in bounds if goal in MONEY), None)
    bound = None if money is None else bounds[money]
    claim = contents.claim(result.status, None, bound, name, bounds)
    violations: tuple[str, ...] = ()
    passed = False
    largest: Mapping[str, float] = {}
    if compiled is not None and result.x is not None:
        compiled.load(result.x)
        contents = assemble(compiled.model, inst, contingencies)
        objective = contents.objective
        bound = None if bound is None else min(bound, objective)
        # What was held while another goal came down may have given way a little since its proof.
        last = list(bounds)[-1]
        done = all(
            proven(objective, bound, options.gap) if goal == last == money else proof.reached
            for goal, proof in found.proofs.items()
        )
        status = "optimal" if done else "feasible"
        claim = contents.claim(status, objective, bound, name, bounds)
        tables = with_limits(own, inst, contents.tables)
        checked = verify_with(own, inst, tables, claim)
        violations, passed = tuple(v.message for v in checked.violations), checked.passed
        largest = checked.largest
    grounds = result.grounds
    rows = None if grounds.row_duals is None else len(grounds.row_duals)
    model_rows = 0 if compiled is None else len(compiled.matrix.row_lower)
    why = no_duals(inst, rows, model_rows) if contingencies is None else SOME_STATES
    worth = None
    if not why and compiled is not None and grounds.row_duals is not None:
        worth = limit_values(compiled, grounds.row_duals)
    return Plan(
        name=inst.name,
        **claim | {"goals": tuple(claim["goals"])},
        verified=passed,
        violations=violations,
        reasons=(*result.reasons, *([INTERRUPTED] if result.interrupted else [])),
        instance_sha256=instance_sha256(inst),
        instance=inst,
        seconds=times.seconds(),
        versions=dict(versions()),
        options=told_options(options, own),
        tables=tables,
        evidence=Evidence(largest, grounds, why, limit_values=worth),
    )
