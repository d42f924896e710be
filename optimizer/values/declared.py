"""The levers of declared limits: where each kind stands in the instance, and which way it gives."""

from collections.abc import Callable, Mapping
from math import floor
from typing import Any, NamedTuple

from models.instance import Instance
from optimizer.values.lever import Lever, Step

Changes = Mapping[str, Any]


class Kind(NamedTuple):
    """A kind of limit as a lever."""

    path: Callable[[Instance, str], str]
    """Where the limit of a name stands in the instance."""

    step: Step
    """How far it is moved where nothing else is asked for."""

    unit: str = ""
    """Unit of an absolute step."""

    less: bool = False
    """True for a least amount, which gives way by being lowered."""

    changes: Callable[[Instance, str, Step], Changes] | None = None
    """What moves it, where that is not plain scaling or adding."""

    name: Callable[[Instance, str], str] = lambda _, at: at
    """The name of what is declared, from the place in the table of limits, which may be finer."""


def _part(place: int) -> Callable[[Instance, str], str]:
    return lambda _, at: at.split("/")[place]


def _share_of_cap(inst: Instance, path: str, step: Step) -> Changes:
    """A share that grows, but not beyond all."""
    most = inst.concentration[path.split(".")[1]].most_share.values()
    return {f"{path}.scale": min(1 + step.amount, 1 / max(*most, 1e-9))}


def _fewer_units(inst: Instance, path: str, step: Step) -> Changes:
    """A least block, smaller by a whole number of units."""
    units = inst.workloads[path.split(".")[1]].cluster.min_units
    return {path: max(0, min(units - 1, floor(units * (1 - step.amount))))}


def _more_downtime(inst: Instance, path: str, step: Step) -> Changes:
    """A target with so much more time in which too few units are up."""
    target = inst.workloads[path.split(".")[1]].availability_target or 0.0
    return {path: round(1 - (1 - target) * (1 + step.amount), 9)}


def _contingency(inst: Instance, at: str) -> str:
    """The contingency with a share of its own; none where it asks for what all protection does."""
    name = at.partition(":")[0]
    return "" if inst.contingencies[name].share is None else name


PERCENT_5, PERCENT_10 = Step(0.05, relative=True), Step(0.10, relative=True)
MW_10 = Step(10.0)

KINDS: dict[str, Kind] = {
    "site_power": Kind(lambda _, s: f"sites.{s}.grid_mw", MW_10, "MW"),
    "grid_region_power": Kind(lambda _, g: f"grid_regions.{g}.cap_mw", MW_10, "MW"),
    "install_rate": Kind(lambda _, s: f"sites.{s}.install_rate_mw_per_month", PERCENT_10),
    "quota": Kind(lambda _, q: f"quotas.{q}.per_year", PERCENT_10),
    "budget": Kind(lambda _, p: f"budget.pools.{p}.grants", PERCENT_5),
    "borrowing": Kind(lambda _, p: f"budget.pools.{p}.borrowing", PERCENT_10),
    "opex": Kind(lambda _, c: f"budget.opex_caps.{c}.musd_per_year", PERCENT_5),
    "carbon": Kind(lambda _, c: f"carbon.caps.{c}.tco2_per_year", PERCENT_5),
    "efficiency": Kind(lambda _, f: f"efficiency_floors.{f}.mtok_per_mwh", PERCENT_5, less=True),
    "water": Kind(lambda _, s: f"sites.{s}.water_limit_m3_per_year", PERCENT_10),
    "min_build": Kind(lambda _, s: f"sites.{s}.min_build_mw", PERCENT_10, less=True),
    "cluster": Kind(
        lambda _, k: f"workloads.{k}.cluster.min_units",
        PERCENT_10,
        less=True,
        changes=_fewer_units,
        name=_part(2),
    ),
    "model_training": Kind(
        lambda _, f: f"model_families.{f}.least_training_share",
        PERCENT_10,
        less=True,
        name=_part(0),
    ),
    "demand": Kind(lambda _, k: f"demand.*.{k}", PERCENT_5, less=True),
    "conversion": Kind(lambda _, s: f"mines.{s}.mining_mw", PERCENT_10),
    "lease": Kind(lambda _, s: f"shells.{s}.most_mw", PERCENT_10),
    "rental": Kind(lambda _, x: f"rentals.{x}.most_mtok_s", PERCENT_10),
    "sufficiency_share": Kind(lambda _, f: f"sufficiency.{f}.serve_share", PERCENT_10, less=True),
    "sufficiency_mw": Kind(lambda _, f: f"sufficiency.{f}.host_it_mw", PERCENT_10, less=True),
    **{
        f"{of}_share": Kind(
            lambda _, c: f"concentration.{c}.most_share",
            PERCENT_10,
            changes=_share_of_cap,
            name=_part(0),
        )
        for of in ("tokens", "it_mw", "capital")
    },
    "contingency": Kind(
        lambda _, x: f"contingencies.{x}.share" if x else "protection",
        PERCENT_5,
        less=True,
        name=_contingency,
    ),
    "reserve": Kind(
        lambda _, k: f"workloads.{k}.availability_target",
        PERCENT_10,
        less=True,
        changes=_more_downtime,
    ),
}
"""Every kind of limit of the table of limits that a planner declares; what is left out there,
halls and frozen orders, is decided and not declared."""


def lever(inst: Instance, kind: str, at: str, step: Step) -> Lever:
    """The lever of a limit of the table of limits."""
    one = KINDS[kind]
    name = one.name(inst, at)
    path = one.path(inst, name)
    changes = one.changes(inst, path, step) if one.changes else _moved(inst, path, step, one.less)
    return Lever(
        kind=kind,
        at=name,
        path=path,
        move=f"{step.in_words(one.unit)} {'less' if one.less else 'more'}",
        size=100 * step.amount if step.relative else step.amount,
        unit="%" if step.relative else one.unit,
        changes=changes,
    )


def _moved(inst: Instance, path: str, step: Step, less: bool) -> Changes:
    amount = -step.amount if less else step.amount
    if step.relative:
        return {f"{path}.scale": 1 + amount}
    table, name, field = path.split(".")
    steps = getattr(getattr(inst, table)[name], field)
    if all(value > 0 for value in steps.values()):
        return {f"{path}.add": amount}
    # What is not there yet stays away: only dates with something get more of it.
    return {f"{path}.{day.isoformat()}.add": amount for day, mw in steps.items() if mw > 0}
