"""Of a large instance the part in conflict: few streams, whose law can then give way, too.

A model in which every stream could go anywhere would be too large. So the relaxation of the whole
instance, with law as it is, names streams that cannot all be served; an instance that asks for
these alone is small. What cannot hold together there cannot in the whole, and what can, can: the
other streams may go unserved in both.
"""

from collections.abc import Sequence

from models.instance import Instance
from optimizer.explain.probes import Probes
from optimizer.explain.softened import Softened
from optimizer.own import OwnFamily

SHARES = frozenset(
    ("sufficiency_share", "tokens_share", "it_mw_share", "capital_share", "efficiency")
)
"""Limits for which it matters what other streams are served."""


def may_narrow(inst: Instance, own: Sequence[OwnFamily], soft: Softened) -> bool:
    """True if streams that are not asked for make no difference to the limits of others."""
    apart = not (own or inst.scenarios or inst.asked_mtok_s)
    return apart and SHARES.isdisjoint(limit.kind for limit in soft.limits)


def short_streams(probes: Probes) -> tuple[str, ...]:
    """Streams that cannot all be served under the other limits: one, or twice as many, and so on.

    None where the relaxation can serve all, or the other limits contradict each other.
    """
    missed = probes.missed("demand")
    demands = sorted(missed, key=lambda one: -missed[one])
    others = [one for one in probes.soft.limits if one.kind != "demand"]
    count, found = 1, demands
    while count < len(demands):
        pulled = probes.pulled((*demands[:count], *others))
        if pulled:
            found = [one for one in pulled if one.kind == "demand"]
            break
        count *= 2
    groups = probes.soft.compiled.model.groups
    return tuple(dict.fromkeys(j for one in found for j in groups[one.at].members))


def narrowed(inst: Instance, streams: Sequence[str]) -> Instance:
    """The instance with the demand of some streams alone; every row keeps its place."""
    wanted = frozenset(streams)
    fields = {name: getattr(inst, name) for name in type(inst).model_fields}
    fields["demand"] = tuple(
        row
        if f"{row.region}/{row.workload}/{row.data_class}" in wanted
        else row.model_copy(update={"mtok_s": 0.0})
        for row in inst.demand
    )
    return Instance.model_construct(**fields)
