"""Law: where a stream's data may be processed, by whom, steered from where, certified how."""

import numpy as np

from models.entities.work import ANY, HOME, Policy
from models.instance import Instance
from optimizer.verify.arrays import Bools


def permitted(inst: Instance, *, local: bool = False) -> dict[tuple[str, str], Bools]:
    """For each home jurisdiction and data class: true for the sites that the law admits.

    With `local`, a second control plane stands at every site that offers one.
    """
    homes = {region.jurisdiction for region in inst.regions.values()}
    return {
        (home, data_class): _admitted(inst, policy_of(inst, home, data_class), home, local)
        for home in homes
        for data_class in inst.data_classes
    }


def policy_of(inst: Instance, home: str, data_class: str) -> Policy:
    """The jurisdiction's own row, else that of its first bloc with one, else the class's."""
    rows = {row.jurisdiction: row for row in inst.residency if row.data_class == data_class}
    for territory in (home, *inst.jurisdictions[home].blocs):
        if territory in rows:
            return rows[territory]
    return inst.data_classes[data_class]


def _admitted(inst: Instance, policy: Policy, home: str, local: bool) -> Bools:
    compute = territory(inst, policy.compute, home)
    seats = territory(inst, policy.operator_home, home)
    control = territory(inst, policy.control_plane, home)
    offers = {row.site for row in inst.local_control_planes} if local else set()
    trusted = {
        name
        for name, operator in inst.operators.items()
        if operator.home_jurisdiction in seats
        and (policy.certification is None or policy.certification in operator.certifications)
    }
    steered = [
        inst.operators[site.operator].control_plane_jurisdiction in control
        or (name in offers and site.jurisdiction in control)
        for name, site in inst.sites.items()
    ]
    admitted = [
        site.jurisdiction in compute and site.operator in trusted for site in inst.sites.values()
    ]
    lawful: Bools = np.array(steered) & np.array(admitted)
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
