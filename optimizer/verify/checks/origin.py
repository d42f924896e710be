"""Supply origin: what may work only on some unit types fits on those (O1).

Work is not told by data class, so it is asked whether it can be shared out: every set of kinds of
data must fit on the units that at least one of them may use.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from models.entities.work import ANY
from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.law import policy_of, territory
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Flows, Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check O1 wherever data are served that ask for an origin."""
    reached = plan.utilisation[..., None] * plan.runs
    check_fits(facts, plan.flows, reached, "origin", "", findings)


def check_fits(
    facts: Facts, flows: Flows, reached: Floats, family: str, prefix: str, findings: Findings
) -> None:
    """Check that flows can be shared out among the units at work so that each origin is allowed.

    `reached` is units at work times their utilisation, by site, type, workload, period and slice.
    """
    inst = facts.inst
    sites, workloads = list(inst.sites), list(inst.workloads)
    allowed = admitted_origins(facts, [unit.origin for unit in inst.unit_types.values()])
    if allowed.all():
        return
    asked = np.flatnonzero((flows.stream >= 0) & (flows.mtok_s > 0))
    loads: dict[tuple[int, int, int, int], dict[bytes, float]] = {}
    for row in asked.tolist():
        when = int(flows.period[row]), int(flows.slice[row])
        at = int(flows.site[row]), int(flows.workload[row]), *when
        kind = allowed[flows.stream[row]].tobytes()
        load = loads.setdefault(at, {})
        peak = float(facts.peak[flows.workload[row]] * flows.mtok_s[row])
        load[kind] = load.get(kind, 0.0) + peak
    for (s, k, t, x), load in loads.items():
        able = facts.tokens[s, :, k, t] * reached[s, :, k, t, x]
        for count in range(1, len(load) + 1):
            for kinds in combinations(load, count):
                masks = [np.frombuffer(kind, dtype=bool) for kind in kinds]
                union = np.any(masks, axis=0)
                if union.all():
                    continue
                needs, has = sum(load[kind] for kind in kinds), float(able[union].sum())
                findings.at_most(
                    family,
                    needs,
                    has,
                    lambda s=s, k=k, t=t, x=x, needs=needs, has=has: (
                        f"{prefix}{sites[s]} makes {amount(needs, 'Mtok/s')} of {workloads[k]} at "
                        f"the peak of {facts.when(t, x)} for data that ask for an origin of "
                        f"supply, but its units at work of such an origin make {amount(has)}"
                    ),
                )


def admitted_origins(facts: Facts, origins: Sequence[Sequence[str]]) -> Bools:
    """True, by stream and origin, if the law of its data allows all of the origin."""
    inst = facts.inst
    allowed: dict[tuple[str, str], list[bool]] = {}
    asking = [(inst.regions[r].jurisdiction, d) for r, _, d in facts.streams.names]
    for home, d in dict.fromkeys(asking):
        rule = policy_of(inst, home, d)
        countries = territory(inst, rule.supply_origin, home)
        allowed[home, d] = [
            ANY in rule.supply_origin
            or (
                bool(origin)
                and all(place in countries or place in rule.supply_origin for place in origin)
            )
            for origin in origins
        ]
    rows = [allowed[one] for one in asking]
    return np.array(rows, dtype=bool).reshape(len(rows), len(origins))
