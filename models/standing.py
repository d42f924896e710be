"""Instances with other contingency states than their own: some of them, or those of a known fleet.

Given what is built and where models are, contingency states do not depend on each other nor on
normal states, so a model may be built for some of them only. The same formulas serve all: what
differs is which states the instance has, and whether units in service are variables or numbers.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from models.instance import Instance
from models.streams import State

Amounts = Mapping[tuple[str, ...], float]
"""By site, unit type (of units) and period; of models by family, site and period."""


@dataclass(frozen=True)
class Fleet:
    """What a plan has built, and where models are: all that contingencies depend on.

    Attributes:
        online: units in service, where there are any.
        ordered: units ordered, where there are any.
        raised: by site and period, 1 where a local control plane is set up.
        held: by model family, site and period of renewal, 1 where its models are at hand, else 0.
    """

    online: Amounts
    ordered: Amounts
    raised: Amounts
    held: Amounts


@dataclass(frozen=True)
class Lossless:
    """States of contingencies as they would be if no place were lost, for a known fleet.

    Attributes:
        inst: the instance with these states and with what is protected alone.
        state_of: for each state of a contingency, the one of these that it becomes.
    """

    inst: Instance
    state_of: Mapping[str, str]


def contingency_size(inst: Instance) -> int:
    """Lawful routes of protected streams in contingency states: about the flows that they need."""
    sites = {j: len(inst.lawful_sites[j]) for j in inst.protected}
    return sum(sites[j] for j, e in inst.asked_mtok_s if inst.twins[e] == e)


def with_states(inst: Instance, kept: Collection[str]) -> Instance:
    """The instance with some contingency states only: `kept`, and all that take away the same."""
    states = {e: one for e, one in inst.contingency_states.items() if inst.twins[e] in kept}
    return _with(inst, contingency_states=states)


def with_futures(inst: Instance, futures: Mapping[str, Instance]) -> Instance:
    """The instance with other instances of its scenarios, such as `with_states` makes."""
    return _with(inst, scenario_instances=dict(futures))


def lossless(inst: Instance, fleet: Fleet) -> Lossless:
    """The states in which no place is lost that the states of an instance's contingencies become.

    They differ by normal state, by what is asked for, and by the orders of the fleet that are late.
    """
    asking = dict.fromkeys(e for _, e in inst.asked_mtok_s)
    late: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for (x, s, u, t), orders in inst.late_orders.items():
        late.setdefault((x, t), []).extend((s, u, τ) for τ in orders if (s, u, τ) in fleet.ordered)
    first: dict[object, str] = {}
    state_of = {}
    for e in asking:
        one = inst.contingency_states[e]
        delayed = tuple(late.get((one.contingency, one.period), ()))
        key = inst.normal_state[e], inst.losses[one.contingency].share, delayed
        state_of[e] = first.setdefault(key, e)
    kept = first.values()
    states = {e: inst.contingency_states[e]._replace(probability=1.0) for e in kept}
    return Lossless(_lossless(inst, fleet, states), state_of)


def _lossless(inst: Instance, fleet: Fleet, states: Mapping[str, State]) -> Instance:
    """The instance in which `fleet` stands from the start, and contingencies take no place away.

    Its orders that are late serve when they do: G1 also holds where they have left before.
    """
    late = {(s, u, τ) for (_, s, u, _), orders in inst.late_orders.items() for τ in orders}
    nothing = {x: loss._replace(sites=(), offers=()) for x, loss in inst.losses.items()}
    return _with(
        inst,
        contingency_states=dict(states),
        twins={e: e for e in states},
        late_orders=inst.late_orders,
        losses=nothing,
        services={
            key: serves
            for key, serves in inst.services.items()
            if key in late and key in fleet.ordered
        },
        initial_online=dict(fleet.online),
        streams={j: stream for j, stream in inst.streams.items() if j in inst.protected},
        protected=inst.protected,
        demand_mtok_s={
            (j, o): mtok_s for (j, o), mtok_s in inst.demand_mtok_s.items() if j in inst.protected
        },
    )


def _with(inst: Instance, **facts: Any) -> Instance:
    """The instance with some of its derived facts given; those that follow from them follow."""
    view = inst.model_copy()
    for name in ("twins", "normal_state", "asked_mtok_s"):
        vars(view).pop(name, None)
    vars(view).update(facts)
    return view
