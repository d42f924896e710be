"""Random instances that use any of the families together, each as often as not."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import currently_in_test_context, event
from pydantic import ValidationError

from models.entities.objective import ObjectiveName
from models.instance import Instance
from models.problems import InstanceError
from optimizer import commitments_from
from tests.compare.test_random import planned
from tests.properties import test_clusters as clusters
from tests.properties import test_fleet as fleet
from tests.properties.capital_by_hand import with_capital
from tests.properties.dependence import with_dependence, with_offers
from tests.properties.environment_by_hand import with_environment
from tests.properties.resilience import with_contingencies, with_price, with_targets
from tests.properties.soft import with_soft_limits
from tests.properties.test_gravity import heavy
from tests.properties.test_model_families import with_model_families
from tests.properties.test_pipeline import laddered

Raw = dict[str, Any]
Switch = Callable[[Raw, int], Raw]

OBJECTIVES: list[ObjectiveName] = ["profit", "serve_first", "least_carbon", "tokens_per_mwh"]


def _fleet(raw: Raw, seed: int) -> Raw:
    """Old units stand at the first site, on a connection that is there."""
    more = fleet.made(raw, seed)
    more["sites"]["s0"].pop("grid_status", None)
    return more


def _protected(raw: Raw, seed: int) -> Raw:
    """Contingencies; work in clusters is not named by a protection."""
    more = with_contingencies(raw, seed)
    for row in more["protection"]:
        if "cluster" in more["workloads"].get(row.get("workload"), {}):
            del row["workload"]
    different = {(row.get("workload"), row.get("jurisdiction")): row for row in more["protection"]}
    return more | {"protection": list(different.values())}


def _portable(raw: Raw, seed: int) -> Raw:
    """Prices of moving work between operators and generations."""
    dice, more = Random(seed), deepcopy(raw)
    for number, unit in enumerate(more["unit_types"].values()):
        unit["generation"] = ["one", "two"][number % 2]
    for workload in more["workloads"].values():
        workload["port_operator_musd_per_mtok_s"] = dice.choice([0, 0.2, 3])
        workload["port_generation_musd_per_mtok_s"] = dice.choice([0, 0.1, 2])
    return more


def _valued(raw: Raw, seed: int) -> Raw:
    """Revenues and weights, and an objective."""
    dice, more = Random(seed), deepcopy(raw)
    for workload in more["workloads"].values():
        workload["shortfall_weight"] = dice.choice([0.5, 1.0, 3.0])
        workload["revenue_usd_per_mtok"] = dice.choice([0.0, 0.4, 2.0])
    return more | {"objective": dice.choice(OBJECTIVES)}


FAMILIES: dict[str, Switch] = {
    "pipeline": laddered,
    "fleet": _fleet,
    "dependence": with_dependence,
    "offers": lambda raw, _: with_offers(raw),
    "capital": with_capital,
    "gravity": heavy,
    "portability": _portable,
    "environment": with_environment,
    "clusters": clusters.made,
    "model families": with_model_families,
    "targets": with_targets,
    "contingencies": _protected,
    "soft": with_soft_limits,
    "objectives": _valued,
}
"""What makes a random instance use further families, with a seed. Each keeps what those before it
made, so that the order matters."""


def short(raw: Raw) -> Raw:
    """The instance with two periods at most."""
    return raw | {"horizon": raw["horizon"] | {"months": raw["horizon"]["months"][:2]}}


def switched(
    raw: Raw, seed: int, *, surely: tuple[str, ...] = (), without: tuple[str, ...] = ()
) -> Raw:
    """The instance with some of the families, each as often as not."""
    dice = Random(seed)
    for name, add in FAMILIES.items():
        used = (dice.random() < 0.5 or name in surely) and name not in without
        raw = add(raw, seed) if used else raw
        if currently_in_test_context():
            event(f"{name}: {used}")
    return possible(raw)


def possible(raw: Raw) -> Raw:
    """The instance without what no site can ever keep, which is refused when it is read."""
    try:
        Instance.model_validate(raw)
    except ValidationError as error:
        if "no lawful site and no offer is left" in str(error):
            return possible(with_price(raw))
        if "no site stands in its territory" in str(error):
            return possible(raw | {"sufficiency": {}})
        raise
    return raw


def bound(inst: Instance, seed: int) -> Instance:
    """The instance bound to what a plan of it decides, with other demand and prices; as it is if
    there is no plan, or if what was decided is then no longer possible."""
    dice = Random(seed)
    try:
        plan = planned(inst)
    except AssertionError:
        return inst
    starts = [period.start.isoformat() for period in inst.periods.values()]
    until = dice.choice([*starts[1:], "2040"])
    changes = commitments_from(plan, until, dice.choice([starts[0], until, *starts]))
    changes |= {
        "commitments.cancel_share": dice.choice([None, 0, 0.3, 1]),
        "commitments.delay_share": dice.choice([None, 0.05, 0.4]),
        "demand.scale": dice.choice([0.3, 0.7, 1, 1.5]),
        "unit_types.*.capex_musd.scale": dice.choice([0.7, 1, 1.3]),
    }
    try:
        return inst.with_changes(changes)
    except InstanceError as error:
        if all(
            problem.path[0] in ("commitments", "protection", "contingencies")
            for problem in error.problems
        ):
            return inst
        raise
