"""Data gravity: data that cost nothing to carry."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance


def data_without_a_price(inst: "Instance") -> Iterator[Problem]:
    """Warn of data to carry where no price for it is given."""
    priced = any(row.usd_per_gb for row in inst.network_prices)
    for k, workload in inst.workloads.items():
        if workload.data_gb_per_mtok and not priced:
            message = "costs nothing: no network price has a 'usd_per_gb'."
            yield Problem(("workloads", k, "data_gb_per_mtok"), message, "warning")
