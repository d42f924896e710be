"""Demand streams: which there are, and what each asks for in each period."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Days, Floats, Ints
from optimizer.verify.facts.calendar import Calendar
from optimizer.verify.facts.slices import Slices, demand_over_mean


@dataclass(frozen=True)
class Streams:
    """The streams in the order of the demand table; regions and so on by position."""

    names: tuple[tuple[str, str, str], ...]
    """Region, workload and data class of each stream."""
    region: Ints
    workload: Ints
    position: Ints
    """Position of the stream by region, workload and data class; -1 where there is none."""
    demand: Floats
    """Mean tokens to be made, fan-out included, by stream, period and slice [Mtok/s]."""


def read_streams(inst: Instance, calendar: Calendar, slices: Slices) -> Streams:
    """The streams of an instance with their demand in the middle of each period."""
    points: dict[tuple[str, str, str], dict[np.datetime64, float]] = defaultdict(dict)
    for row in inst.demand:
        day = np.datetime64(row.date, "D")
        points[row.region, row.workload, row.data_class][day] = row.mtok_s
    tables = (list(inst.regions), list(inst.workloads), list(inst.data_classes))
    codes = np.array(
        [[table.index(x) for table, x in zip(tables, name, strict=True)] for name in points],
        dtype=np.int64,
    ).reshape(-1, 3)
    position = np.full([len(table) for table in tables], -1, dtype=np.int64)
    position[tuple(codes.T)] = np.arange(len(codes))
    demand = np.zeros((len(points), calendar.count, len(slices.names)))
    for j, ((region, workload, _), known) in enumerate(points.items()):
        asked = _interpolated(known, calendar.middle, inst.demand_interpolation)
        mean = inst.workloads[workload].fan_out * asked
        demand[j] = np.multiply.outer(mean, demand_over_mean(inst, region, workload, slices))
    return Streams(tuple(points), codes[:, 0], codes[:, 1], position, demand)


def _interpolated(
    known: dict[np.datetime64, float], days: Days, how: Literal["step", "linear", "geometric"]
) -> Floats:
    """Values on `days` from values at known dates; flat before the first and after the last."""
    dates = np.array(sorted(known))
    values = np.array([known[day] for day in dates])
    after = np.searchsorted(dates, days, side="right")
    low, high = np.maximum(after - 1, 0), np.minimum(after, len(dates) - 1)
    a: Floats = values[low]
    b: Floats = values[high]
    if how == "step":
        return a
    gap = (dates[high] - dates[low]).astype(float)
    way = np.where(gap > 0, (days - dates[low]).astype(float) / np.where(gap > 0, gap, 1.0), 0.0)
    line: Floats = a + (b - a) * way
    if how == "linear":
        return line
    grows = (a > 0) & (b > 0)
    ratio = np.where(grows, b, 1.0) / np.where(grows, a, 1.0)
    growth: Floats = np.where(grows, a * ratio**way, line)
    return growth
