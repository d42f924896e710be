"""Random slices, added to random instances: profiles, clocks, prices, and work that waits."""

from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.properties.strategies import instances, yearly

NAMES = ("x", "y", "z", "w")


def sliced(*, whole_years: bool = False, most: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """Plain data of instances with two slices or more."""
    base = yearly(most_years=2) if whole_years else instances()
    return st.tuples(base, st.integers(0, 10**6)).map(lambda pair: with_slices(*pair, most=most))


def with_slices(raw: dict[str, Any], seed: int, *, most: int = 3) -> dict[str, Any]:
    """An instance with its day divided at random."""
    dice = Random(seed)
    new = deepcopy(raw)
    starts = sorted(dice.sample(range(24), dice.randint(2, most)))
    ends = [*starts[1:], starts[0] + 24]
    new["slices"] = {
        name: {"from_hour": first, "hours": end - first}
        for name, first, end in zip(NAMES, starts, ends, strict=False)
    }
    for workload in new["workloads"].values():
        if dice.random() < 0.7:
            workload["daily_profile"] = [dice.choice([1, 2, 3, 7]) for _ in range(24)]
        if dice.random() < 0.6:
            workload["deferrable_share"] = dice.choice([0.2, 0.5, 1])
    for region in new["regions"].values():
        region["utc_offset_hours"] = dice.choice([-9.5, -5, 0, 0, 3, 5.75, 10])
    for site in new["sites"].values():
        named = dice.sample(sorted(new["slices"]), dice.randint(0, 2))
        site["energy_price_factor"] = {x: dice.choice([0, 0.4, 1.5, 30]) for x in named}
    return new


def whole_day(raw: dict[str, Any]) -> dict[str, Any]:
    """The instance with one slice of 24 hours; a profile within it changes nothing."""
    new = deepcopy(raw)
    new["slices"] = {"day": {"from_hour": 7, "hours": 24}}
    for workload in new["workloads"].values():
        workload |= {"daily_profile": [*range(1, 25)], "deferrable_share": 0.5}
    return new


def split_in_two(raw: dict[str, Any]) -> dict[str, Any]:
    """The instance with its longest slice split, and profiles that are the same in each half.

    Every workload asks for as much in each hour of a slice as in the other hours of it, so clocks
    are those of UTC.
    """
    new = flat_within_slices(raw)
    longest = max(new["slices"], key=lambda x: new["slices"][x]["hours"])
    one = new["slices"][longest]
    first, hours = one["from_hour"], one["hours"]
    half = hours // 2
    new["slices"][longest] = {"from_hour": first, "hours": half}
    new["slices"]["half"] = {"from_hour": (first + half) % 24, "hours": hours - half}
    for site in new["sites"].values():
        factors = site["energy_price_factor"]
        if longest in factors:
            factors["half"] = factors[longest]
    return new


def flat_within_slices(raw: dict[str, Any]) -> dict[str, Any]:
    """The instance with clocks of UTC, and profiles that are flat within each slice."""
    new = deepcopy(raw)
    for region in new["regions"].values():
        region["utc_offset_hours"] = 0
    for workload in new["workloads"].values():
        if profile := workload.get("daily_profile"):
            for one in new["slices"].values():
                for n in range(one["hours"]):
                    profile[(one["from_hour"] + n) % 24] = profile[one["from_hour"]]
    return new
