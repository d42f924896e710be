"""Slices of the day: operating states by slice, demand at local time, and work that can wait."""

from math import floor
from typing import TYPE_CHECKING

from models.calendar import HOURS_PER_DAY
from models.streams import State

if TYPE_CHECKING:
    from models.equivalence import StreamGroup
    from models.instance import Instance

DEGREES_PER_HOUR = 15.0


def states(inst: "Instance") -> dict[str, State]:
    """The operating states: one for each period, or one for each slice of each period."""
    if not inst.slices:
        return {t: State(t, t) for t in inst.periods}
    return {
        name_of(t, x): State(name_of(t, x), t, slice=x, share=one.hours / HOURS_PER_DAY)
        for t in inst.periods
        for x, one in inst.slices.items()
    }


def name_of(t: str, x: str) -> str:
    """The name of the state of a period and a slice that was declared."""
    return f"{t}/{x}"


def utc_offset(inst: "Instance", r: str) -> float:
    """Hours by which the clocks of a region are ahead of UTC: as given, else by its longitude."""
    given = inst.regions[r].utc_offset_hours
    return inst.regions[r].lon / DEGREES_PER_HOUR if given is None else given


def over_mean(inst: "Instance", r: str, k: str) -> dict[str, float]:
    """Mean demand of a region for a workload within each slice, over that of the day [ratio].

    A UTC hour falls into one hour of the profile, or into two where the offset is no whole number.
    """
    profile = inst.workloads[k].daily_profile
    if not profile or len(inst.slices) <= 1:
        return dict.fromkeys(inst.slices or ("all",), 1.0)
    offset = utc_offset(inst, r)
    whole, late = floor(offset), offset - floor(offset)
    mean = sum(profile) / len(profile)

    def at(utc_hour: int) -> float:
        hour = utc_hour + whole
        return (1 - late) * profile[hour % 24] + late * profile[(hour + 1) % 24]

    return {
        x: sum(at(hour) for hour in one.utc_hours()) / one.hours / mean
        for x, one in inst.slices.items()
    }


def deferrable(inst: "Instance", k: str) -> bool:
    """True if part of a workload's demand may be served in another slice of the period."""
    return len(inst.slices) > 1 and inst.workloads[k].deferrable_share > 0


def most_left(inst: "Instance", group: "StreamGroup", o: str) -> float:
    """Most of a group's demand in a state that may be served in other slices [Mtok/s]."""
    if not deferrable(inst, group.workload):
        return 0.0
    return inst.workloads[group.workload].deferrable_share * group.demand_mtok_s[o]


def most_taken(inst: "Instance", group: "StreamGroup", o: str) -> float:
    """Most that may be served in a state for the other slices of its period [Mtok/s]."""
    if not deferrable(inst, group.workload):
        return 0.0
    here = inst.states[o]
    others = (name_of(here.period, x) for x in inst.slices if x != here.slice)
    left = sum(inst.states[name].share * most_left(inst, group, name) for name in others)
    return left / here.share


def most_served(inst: "Instance", group: "StreamGroup", o: str) -> float:
    """Most of a group that can be served in a state: its demand and what waited for it [Mtok/s]."""
    return group.demand_mtok_s[o] + most_taken(inst, group, o)
