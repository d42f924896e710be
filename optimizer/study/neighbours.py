"""From which plans each case starts: its nearest neighbours among those solved before it.

The order and the neighbours are fixed before anything is solved, so that the same study gives the
same plans however many workers there are and whichever is faster.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.verify.arrays import Floats

LANDMARKS = 16
"""Cases far from each other that are solved first, so that many workers have work at once."""

STARTS = 4
"""Most plans that a case starts from. The nearest fits as it is for about 2 cases in 5 of
instances/studies/southgate-200.yaml, one of four for 7 in 10."""

LAG = 16
"""The others of these plans are of cases so many places before it, to be finished by then."""


def order_of_starts(changes: Sequence[Mapping[str, Any]]) -> list[tuple[int, tuple[int, ...]]]:
    """For each case in order of solving: its position, and those of the cases it starts from.

    The first is the one with the fewest changes. Then come the landmarks: always the case farthest
    from all before it. Then always the case nearest to one before it. Each starts from the nearest
    before it, and from the nearest of those long before it.
    """
    if not changes:
        return []
    points = _points(changes)
    count = len(changes)
    order: NDArray[np.intp] = np.full(count, -1)
    starts: list[tuple[int, ...]] = [()]
    distance = np.full(count, np.inf)
    nearest: NDArray[np.intp] = np.full(count, -1)
    placed = np.zeros(count, dtype=bool)
    chosen = min(range(count), key=lambda i: (len(changes[i]), i))
    for place in range(count):
        from_here = _distances(points, chosen)
        if place:
            start = int(nearest[chosen])
            before = order[: max(0, place - LAG + 1)]
            others = before[_least(from_here[before], STARTS)].tolist()
            starts.append((start, *(i for i in others if i != start))[:STARTS])
        order[place], placed[chosen] = chosen, True
        closer = from_here < distance
        nearest[closer], distance[closer] = chosen, from_here[closer]
        if place + 1 < LANDMARKS:
            chosen = int(np.argmax(np.where(placed, -1.0, distance)))
        else:
            chosen = int(np.argmin(np.where(placed, np.inf, distance)))
    return list(zip(order.tolist(), starts, strict=True))


def _least(values: Floats, count: int) -> NDArray[np.intp]:
    """Positions of the least values, the least first, the first first among equals."""
    if len(values) <= count:
        return np.argsort(values, kind="stable")
    limit = np.partition(values, count - 1)[count - 1]
    small = np.flatnonzero(values <= limit)
    return small[np.argsort(values[small], kind="stable")[:count]]


def _points(changes: Sequence[Mapping[str, Any]]) -> Floats:
    """A column for each changed path: its value over its range, or a number for each text."""
    paths = sorted({path for one in changes for path in one})
    columns = [_column([one.get(path, _neutral(path)) for one in changes]) for path in paths]
    return np.array(columns).T.reshape(len(changes), len(paths))


def _neutral(path: str) -> float | None:
    """The value that changes nothing, where there is one."""
    return {"scale": 1.0, "add": 0.0}.get(path.rpartition(".")[2])


def _column(values: Sequence[Any]) -> Floats:
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        numbers = np.array(values, dtype=float)
        spread = np.ptp(numbers)
        scaled: Floats = (numbers - numbers.min()) / (spread or 1.0)
        return scaled
    texts = [repr(value) for value in values]
    names = sorted(set(texts))
    return np.array([names.index(text) for text in texts], dtype=float)


def _distances(points: Floats, one: int) -> Floats:
    """From one case to all: the sum over paths, at most 1 each."""
    distances: Floats = np.minimum(np.abs(points - points[one]), 1.0).sum(axis=1)
    return distances
