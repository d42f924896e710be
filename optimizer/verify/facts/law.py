"""Law: where a stream's data may be processed, by whom, steered from where, certified how."""

from collections.abc import Iterable

import numpy as np

from models.entities.places import Site
from models.entities.rental import Rental
from models.entities.work import ANY, HOME, Policy
from models.instance import Instance
from optimizer.verify.arrays import Bools


def permitted(inst: Instance, *, local: bool = False) -> dict[tuple[str, str], Bools]:
    """For each home jurisdiction and data class: true for the sites that the law admits.

    With `local`, a second control plane stands at every site that offers one.
    """
    steered = {row.site for row in inst.local_control_planes} if local else set()
    return admitted_by_home(inst, inst.sites.values(), [s in steered for s in inst.sites])


def admitted_by_home(
    inst: Instance, places: Iterable[Site | Rental], local: Iterable[bool] = ()
) -> dict[tuple[str, str], Bools]:
    """For each home jurisdiction and data class: true for the places that the law admits.

    `local` tells, by place, where a second control plane stands in the place's own jurisdiction.
    """
    every = list(places)
    steered = list(local) or [False] * len(every)
    homes = {region.jurisdiction for region in inst.regions.values()}
    return {
        (home, data_class): _admitted(inst, policy_of(inst, home, data_class), home, every, steered)
        for home in homes
        for data_class in inst.data_classes
    }


def admits(inst: Instance, home: str, data_class: str) -> Bools:
    """True for the sites that the law admits for data of a class that arise at home."""
    sites: list[Site | Rental] = [*inst.sites.values()]
    local = [False] * len(sites)
    return _admitted(inst, policy_of(inst, home, data_class), home, sites, local)


def policy_of(inst: Instance, home: str, data_class: str) -> Policy:
    """The jurisdiction's own row, else that of its first bloc with one, else the class's."""
    rows = {row.jurisdiction: row for row in inst.residency if row.data_class == data_class}
    for territory in (home, *inst.jurisdictions[home].blocs):
        if territory in rows:
            return rows[territory]
    return inst.data_classes[data_class]


def _admitted(
    inst: Instance, policy: Policy, home: str, places: list[Site | Rental], local: list[bool]
) -> Bools:
    compute = territory(inst, policy.compute, home)
    seats = territory(inst, policy.operator_home, home)
    control = territory(inst, policy.control_plane, home)
    trusted = {
        name
        for name, operator in inst.operators.items()
        if operator.home_jurisdiction in seats
        and (policy.certification is None or policy.certification in operator.certifications)
    }
    steered = [
        inst.operators[place.operator].control_plane_jurisdiction in control
        or (own and place.jurisdiction in control)
        for place, own in zip(places, local, strict=True)
    ]
    admitted = [place.jurisdiction in compute and place.operator in trusted for place in places]
    lawful: Bools = np.array(steered, dtype=bool) & np.array(admitted, dtype=bool)
    return lawful


def territory(inst: Instance, names: tuple[str, ...], home: str) -> set[str]:
    """The jurisdictions that a list of jurisdictions, blocs, HOME and ANY stands for."""
    if ANY in names:
        return set(inst.jurisdictions)
    meant = {home if name == HOME else name for name in names}
    return {
        name
        for name, jurisdiction in inst.jurisdictions.items()
        if name in meant or meant.intersection(jurisdiction.blocs)
    }
