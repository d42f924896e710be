"""Model families: when new models are made, which way they may go, and what carrying them costs."""

from typing import TYPE_CHECKING

from models.law import legal_obstacle, policy
from models.portability import demand_mean

if TYPE_CHECKING:
    from models.instance import Instance


LEAST_RATE = 1e-5
"""Smallest rate that plans can tell from none [Mtok/s]."""


def least_training(inst: "Instance", f: str, t: str) -> float:
    """Training that a site must do in a period to be one that trains, in its mean [Mtok/s]."""
    family = inst.model_families[f]
    return family.least_training_share * demand_mean(inst, family.trained_by, t)


def renewed(inst: "Instance", f: str, t: str) -> bool:
    """True if training is asked for in a period: then there are new models to carry."""
    return least_training(inst, f, t) >= LEAST_RATE


def carried_gb(inst: "Instance", f: str, t: str) -> float:
    """What a site that gets the models of a family gets in a period [GB]."""
    family = inst.model_families[f]
    return family.size_gb * family.transfers_per_year * inst.periods[t].years


def usd_per_gb(inst: "Instance", a: str, b: str) -> float:
    """Price of carrying data from one site to another, as quoted between their zones."""
    zones = {inst.sites[a].network_zone, inst.sites[b].network_zone}
    rows = (row for row in inst.network_prices if {row.zone_a, row.zone_b} == zones)
    return next((row.usd_per_gb for row in rows), 0.0)


def transfer_cost(inst: "Instance", f: str, a: str, b: str, t: str) -> float:
    """Carrying the models of a family from one site to another for a period [MUSD]."""
    return carried_gb(inst, f, t) * usd_per_gb(inst, a, b) / 1e6


def barred(inst: "Instance", f: str, a: str, b: str) -> str | None:
    """Why the weights of a family may not go from one site to another, in words; None if they may.

    Their law is that of their data class, with the jurisdiction of the training site as home.
    """
    data_class = inst.model_families[f].weights_data_class
    if data_class is None:
        return None
    home = inst.sites[a].jurisdiction
    return legal_obstacle(inst, home, policy(inst, home, data_class), b)
