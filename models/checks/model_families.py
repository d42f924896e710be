"""Model families: what trains and serves them, and ways without a price."""

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from models.model_families import barred, renewed
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance


def serving_what_they_train(inst: "Instance") -> Iterator[Problem]:
    """A workload that trains a family and serves it at once."""
    for f, family in inst.model_families.items():
        if family.trained_by in family.served_by:
            position = family.served_by.index(family.trained_by)
            message = f"'{family.trained_by}' trains these models; name only what uses them."
            yield Problem(("model_families", f, "served_by", position), message)


def ways_without_a_price(inst: "Instance") -> Iterator[Problem]:
    """Pairs of zones that models may be carried between, without a network price."""
    priced = {frozenset((row.zone_a, row.zone_b)) for row in inst.network_prices}
    for f, family in inst.model_families.items():
        if not (priced and family.size_gb and family.transfers_per_year):
            continue
        missing: dict[frozenset[str | None], tuple[str, str]] = {}
        for a, b in product(inst.sites, repeat=2):
            zones = frozenset((inst.sites[a].network_zone, inst.sites[b].network_zone))
            if a != b and zones not in priced and barred(inst, f, a, b) is None:
                missing.setdefault(zones, (a, b))
        for a, b in missing.values():
            message = (
                f"no price for the zones '{inst.sites[a].network_zone}' and "
                f"'{inst.sites[b].network_zone}', between which the model family '{f}' may be "
                f"carried ('{a}' to '{b}')."
            )
            yield Problem(("network_prices",), message)


def without_effect(inst: "Instance") -> Iterator[Problem]:
    """Warn of families that are never renewed, and of models that cost nothing to carry."""
    per_gb = any(row.usd_per_gb for row in inst.network_prices)
    for f, family in inst.model_families.items():
        if not any(renewed(inst, f, t) for t in inst.periods):
            message = f"has no effect: '{family.trained_by}' is not asked for in any period."
            yield Problem(("model_families", f), message, "warning")
        elif family.size_gb and family.transfers_per_year and not per_gb:
            message = "costs nothing: no network price has a 'usd_per_gb'."
            yield Problem(("model_families", f, "size_gb"), message, "warning")
