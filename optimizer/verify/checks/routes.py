"""Routes: every flow has a demand, the law and the latency limit on its side."""

from collections.abc import Mapping

import numpy as np

from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.law import permitted
from optimizer.verify.findings import ROUNDING, Findings, amount
from optimizer.verify.plan import Flows, Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check that every flow takes a lawful route of a stream, at a site that is open."""
    flows, streams = plan.flows, facts.streams
    sites = list(facts.inst.sites)
    flowing = flows.mtok_s > ROUNDING
    limits = latency_limits(facts)
    lawful = lawful_flows(facts, plan, flows)
    late = facts.rtt_ms[flows.region, flows.site] > limits[flows.workload] * (1.0 + ROUNDING)

    def told(i: int) -> str:
        names = "/".join(streams.names[flows.stream[i]])
        when = facts.when(flows.period[i], flows.slice[i])
        return f"{names} is served from {sites[flows.site[i]]} in {when}"

    asked = flows.stream >= 0
    findings.refuse(
        "demand",
        flowing & ~asked,
        lambda i: f"row {i + 1} of the flows serves a stream that nobody asks for",
    )
    findings.refuse(
        "routes",
        flowing & asked & ~lawful,
        lambda i: f"{told(i)}, where its law forbids it",
    )
    findings.refuse(
        "routes",
        flowing & asked & late,
        lambda i: (
            f"{told(i)}, "
            f"{amount(facts.rtt_ms[flows.region[i], flows.site[i]], 'ms')} away, over its limit of "
            f"{amount(limits[flows.workload[i]], 'ms')}"
        ),
    )
    findings.refuse(
        "routes",
        flowing & asked & (plan.is_open[flows.site, flows.period] <= 0),
        lambda i: f"{told(i)}, which is not open",
    )


def lawful_flows(facts: Facts, plan: Plan, flows: Flows) -> Bools:
    """True, by flow, if the law admits its site, by a local control plane where there is one."""
    route = flows.stream, flows.site
    lawful = _lawful(facts, facts.permitted)[route]
    if facts.inst.local_control_planes:
        raised = plan.local[flows.site, flows.period] > 0
        local = permitted(facts.inst, local=True)
        lawful = lawful | (raised & _lawful(facts, local)[route])
    return lawful


def _lawful(facts: Facts, admitted: Mapping[tuple[str, str], Bools]) -> Bools:
    """True, by stream and site, if the law admits it; the last row stands for no stream."""
    homes = {name: region.jurisdiction for name, region in facts.inst.regions.items()}
    rows = [admitted[homes[r], d] for r, _, d in facts.streams.names]
    return np.array([*rows, np.zeros(len(facts.inst.sites), dtype=bool)])


def latency_limits(facts: Facts) -> Floats:
    """Longest round trip by workload; infinite without a limit [ms]."""
    limits = [workload.latency_limit_ms for workload in facts.inst.workloads.values()]
    return np.array([np.inf if limit is None else limit for limit in limits])
