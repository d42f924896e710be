"""Runs in turn, as many at a time as there are cores for them, within a time for everything."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event
from typing import Any

from benchmarks.speed.watching import watched

CORES = 2
"""Cores that all runs share, whatever the machine has."""


@dataclass(frozen=True)
class Order:
    """A run to be done.

    Attributes:
        what: what `benchmarks.speed.one` is told.
        limit_s: the longest that all of it may take; a run that takes longer has failed [s].
        cores: how many it has to itself.
    """

    what: dict[str, Any]
    limit_s: float
    cores: int = CORES


Done = tuple[Order, dict[str, Any] | None]


def in_lanes(orders: Iterable[Order], ends: float) -> Iterator[Done]:
    """Carry out orders, begun in turn; each with its figures, or None if it might end too late.

    Runs in hand are ended if this generator is.

    Args:
        orders: the orders.
        ends: when everything ends, on the clock of `time.monotonic` [s].
    """
    running: dict[Future[dict[str, Any]], Order] = {}
    over = Event()
    with ThreadPoolExecutor(CORES) as pool:
        try:
            for order in orders:
                while sum(one.cores for one in running.values()) + order.cores > CORES:
                    yield from _ended(running)
                if ends - time.monotonic() < order.limit_s:
                    yield order, None
                else:
                    running[pool.submit(watched, order.what, order.limit_s, over)] = order
            while running:
                yield from _ended(running)
        finally:
            over.set()


def _ended(running: dict[Future[dict[str, Any]], Order]) -> Iterator[Done]:
    """Wait for the next run to end."""
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        yield running.pop(future), future.result()
