"""What a process and all below it take: processor time and memory, as they come and go."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

LOOK_S = 0.05
"""Time between two looks at the memory of processes [s]."""


def family(pid: int | None = None) -> list[psutil.Process]:
    """A process (this one, if none is named) and all below it; none if it is gone."""
    try:
        own = psutil.Process(pid)
        return [own, *own.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def processor_s() -> float:
    """Processor time of this process and of all below it, those that have ended included [s]."""
    total = 0.0
    for process in family():
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue
    return total


def memory(pid: int | None = None) -> int:
    """Memory of a process and all below it, shared pages counted once for each [bytes]."""
    total = 0
    for process in family(pid):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


@contextmanager
def peak_memory(pid: int | None = None) -> Iterator[list[int]]:
    """Within it, a list that ends with the most that `memory` has been so far [bytes]."""
    peak, over = [memory(pid)], threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_S):
            peak.append(max(peak[-1], memory(pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
