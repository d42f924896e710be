"""Demand by state: given at dates, read at the middle of each period."""

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, Literal

from models.slices import over_mean
from models.streams import Stream

if TYPE_CHECKING:
    from models.instance import Instance

Interpolation = Literal["step", "linear", "geometric"]


def interpolate(points: list[tuple[date, float]], day: date, how: Interpolation) -> float:
    """The value on a day, from points sorted by date; flat before the first and after the last.

    step: the value of the latest date not after the day; linear: a straight line by days;
    geometric: constant growth by days, a straight line where either end is 0.
    """
    position = bisect_right([point[0] for point in points], day)
    if position == 0:
        return points[0][1]
    if position == len(points) or how == "step":
        return points[position - 1][1]
    (before, low), (after, high) = points[position - 1 : position + 1]
    share = (day - before).days / (after - before).days
    if how == "geometric" and low > 0 and high > 0:
        return float(low * (high / low) ** share)
    return low + (high - low) * share


def by_state(inst: "Instance") -> dict[tuple[str, str], float]:
    """Tokens that the fleet must make, by stream and state [Mtok/s].

    Demand · fan-out · mean of the daily profile over the slice at local time.
    """
    points: dict[str, list[tuple[date, float]]] = {}
    for row in inst.demand:
        name = Stream(row.region, row.workload, row.data_class).name
        points.setdefault(name, []).append((row.date, row.mtok_s))
    out = {}
    for name, stream in inst.streams.items():
        series = sorted(points[name])
        fan_out = inst.workloads[stream.workload].fan_out
        factor = over_mean(inst, stream.region, stream.workload)
        for state in inst.states.values():
            middle = inst.periods[state.period].middle
            value = interpolate(series, middle, inst.demand_interpolation)
            out[name, state.name] = fan_out * value * factor[state.slice]
    return out
