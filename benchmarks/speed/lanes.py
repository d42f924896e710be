"""Runs in turn, as many at a time as there are cores for them, within a time for everything."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from benchmarks.speed.watching import watched

CORES = 2
"""Cores that all runs share, whatever the machine has."""

LEAST_S = 10.0
"""No run begins with less than this beside the time for its solve [s]."""


@dataclass(frozen=True)
class Order:
    """A run to be done.

    Attributes:
        what: what `benchmarks.speed.one` is told.
        time_s: time for its solve [s].
        limit_s: the longest that all of it may take [s].
        cores: how many it has to itself.
    """

    what: dict[str, Any]
    time_s: float
    limit_s: float
    cores: int = CORES


Done = tuple[Order, dict[str, Any] | None]


def in_lanes(orders: Iterable[Order], ends: float) -> Iterator[Done]:
    """Carry out orders, begun in turn; each with its figures, or None if time did not suffice.

    Args:
        orders: the orders.
        ends: when everything ends, on the clock of `time.monotonic` [s].
    """
    running: dict[Future[dict[str, Any] | None], Order] = {}
    with ThreadPoolExecutor(CORES) as pool:
        for order in orders:
            while sum(one.cores for one in running.values()) + order.cores > CORES:
                yield from _ended(running)
            if ends - time.monotonic() < order.time_s + LEAST_S:
                yield order, None
            else:
                running[pool.submit(_carry_out, order, ends)] = order
        while running:
            yield from _ended(running)


def _ended(running: dict[Future[dict[str, Any] | None], Order]) -> Iterator[Done]:
    """Wait for the next run to end."""
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        yield running.pop(future), future.result()


def _carry_out(order: Order, ends: float) -> dict[str, Any] | None:
    """The figures of a run; None if it was ended by the time for everything, not by itself."""
    left = ends - time.monotonic()
    figures = watched(order.what, min(order.limit_s, left))
    ended = "failed" in figures and left < min(order.limit_s, figures["seconds"])
    return None if ended else figures
