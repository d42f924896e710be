"""Slices: they make up the day, prices name them, and nothing counts a peak twice."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from models.problems import Problem, unknown_name

if TYPE_CHECKING:
    from models.instance import Instance

WHOLE_DAY = "all"
"""The slice of instances that declare none."""


def not_the_day(inst: "Instance") -> Iterator[Problem]:
    """Hours of the day that no slice covers, or that several do."""
    if not inst.slices:
        return
    covering: dict[int, list[str]] = {hour: [] for hour in range(24)}
    for name, one in inst.slices.items():
        for hour in one.utc_hours():
            covering[hour].append(name)
    missing = [hour for hour, names in covering.items() if not names]
    double: dict[str, list[int]] = {}
    for hour, names in covering.items():
        if len(names) > 1:
            double.setdefault(" and ".join(names), []).append(hour)
    faults = [f"in no slice: {_spans(missing)}"] if missing else []
    faults += [f"in {names}: {_spans(hours)}" for names, hours in double.items()]
    if faults:
        message = f"must cover each hour of the day (0 to 23, UTC) once; {'; '.join(faults)}."
        yield Problem(("slices",), message)
    if WHOLE_DAY in inst.slices and len(inst.slices) > 1:
        message = f"'{WHOLE_DAY}' stands for the whole day in plans; choose another name."
        yield Problem(("slices", WHOLE_DAY), message)


def factors_of_no_slice(inst: "Instance") -> Iterator[Problem]:
    """Factors on prices and carbon intensities of slices that nothing defines."""
    for s, site in inst.sites.items():
        for field in ("energy_price_factor", "carbon_factor"):
            for x in getattr(site, field):
                if x not in inst.slices:
                    message = unknown_name("slice", x, inst.slices)
                    yield Problem(("sites", s, field, x), message)


def without_slices(inst: "Instance") -> Iterator[Problem]:
    """Warn of what changes nothing, because the day is not divided."""
    if len(inst.slices) > 1:
        return
    for k, workload in inst.workloads.items():
        for field, given in (
            ("daily_profile", not is_flat(workload.daily_profile)),
            ("deferrable_share", workload.deferrable_share > 0),
        ):
            if given:
                message = "changes nothing: it needs two slices or more."
                yield Problem(("workloads", k, field), message, "warning")


def peaks_counted_twice(inst: "Instance") -> Iterator[Problem]:
    """Warn of workloads whose peak is both in their profile and in their peak factor."""
    if len(inst.slices) < 2:
        return
    for k, workload in inst.workloads.items():
        if workload.peak_factor > 1 and not is_flat(workload.daily_profile):
            message = (
                f"the peak may be counted twice: with slices, {workload.peak_factor:g} is the peak "
                "over the mean within a slice, and the daily profile has the peak of the day."
            )
            yield Problem(("workloads", k, "peak_factor"), message, "warning")


def is_flat(profile: tuple[float, ...]) -> bool:
    """True if all hours of a profile ask for the same, or there is none."""
    return len(set(profile)) <= 1


def _spans(hours: Iterable[int]) -> str:
    """Hours in few words: 3, 5 to 9."""
    runs: list[list[int]] = []
    for hour in hours:
        if runs and hour == runs[-1][-1] + 1:
            runs[-1].append(hour)
        else:
            runs.append([hour])
    return ", ".join(f"{r[0]}" if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs)
