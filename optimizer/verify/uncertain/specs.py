"""What the tables of a plan with scenarios hold."""

from collections.abc import Mapping
from dataclasses import replace

from models.instance import Instance
from optimizer.verify.specs import SPECS, Spec

_ORDER = ("kind", "site", "unit_type", "upgrade", "option", "period")
_EMPTY = frozenset({"unit_type", "upgrade", "option"})

OWN_SPECS: Mapping[str, Spec] = {
    "scenarios": Spec(
        ("scenario",),
        ("probability", "cost_musd", "best_cost_musd", "best_bound_musd", "regret_musd"),
        signed=frozenset({"cost_musd", "best_cost_musd", "best_bound_musd", "regret_musd"}),
        optional=frozenset({"best_bound_musd"}),
        texts=("revealed",),
    ),
    "no_regret": Spec(_ORDER, ("units", "mw"), frozenset({"units"}), optional=_EMPTY),
    "triggers": Spec(
        ("scenario", *_ORDER),
        ("units", "mw"),
        frozenset({"units"}),
        optional=_EMPTY,
        texts=("decide_by", "awaits"),
    ),
}
"""The tables that only plans with scenarios have."""


def specs_for(inst: Instance) -> Mapping[str, Spec]:
    """The tables of a plan of an instance."""
    if not inst.scenarios:
        return SPECS
    ordinary = {name: replace(spec, keys=("scenario", *spec.keys)) for name, spec in SPECS.items()}
    return {**ordinary, **OWN_SPECS}
