"""Clusters of units at work on one workload, and networks that make them better."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from models.entities.base import (
    Count,
    Day,
    Entity,
    FrozenDict,
    Id,
    Names,
    NonNegative,
    Number,
    Text,
)

Units = Annotated[Count, Field(ge=1, le=1_000_000)]
Ratio = Annotated[Number, Field(ge=0.01, le=1)]


def _read(value: object) -> object:
    """{units: ratio}, or the text 'units: ratio; units: ratio' of a CSV cell."""
    if not isinstance(value, str):
        return value
    out: dict[str, str] = {}
    for part in (part for part in value.split(";") if part.strip()):
        units, colon, ratio = part.partition(":")
        if not colon:
            raise ValueError("must be utilisations by units, such as '8: 0.95; 64: 0.85'")
        if units.strip() in out:
            raise ValueError(f"gives {units.strip()} units twice")
        out[units.strip()] = ratio.strip()
    return out


def _falls(steps: dict[int, float]) -> dict[int, float]:
    ordered = sorted(steps.items())
    for (_, less), (units, more) in pairwise(ordered):
        if more > less:
            raise ValueError(f"must not rise with the number of units, but it does at {units}")
    return FrozenDict(ordered)


def _write(steps: Mapping[int, float]) -> dict[str, float]:
    return {str(units): ratio for units, ratio in steps.items()}


Utilisation = Annotated[
    dict[Units, Ratio],
    BeforeValidator(_read),
    AfterValidator(_falls),
    PlainSerializer(_write),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "object",
                    "additionalProperties": {"type": "number", "minimum": 0.01, "maximum": 1},
                },
                {"type": "string", "examples": ["8: 0.95; 64: 0.85"]},
            ]
        }
    ),
]
"""Throughput that is reached from so many units on; the first step also holds below it."""

NO_STEPS: dict[int, float] = FrozenDict()


class Cluster(Entity):
    """What a workload needs to stand in one place: units of one type at one site, together.

    All units of the type at work on the workload at the site in a period are one cluster.
    """

    min_units: Annotated[Count, Field(ge=0, le=1_000_000)] = 0
    """Units of one type in service at a site before they may do this work there [units]."""

    network_tier: Id | None = None
    """Network that the site must offer; none: any."""

    utilisation: Utilisation = NO_STEPS
    """Share of the throughput that is reached, by the units at work; none: all of it [ratio]."""


class NetworkOption(Entity):
    """Another network for all units of a site (photonic switches): less power, better clusters.

    A site buys at most one, once, while it is open. It works from the first period that starts no
    earlier than its delivery, for all units in service then and later.
    """

    amount = "cost_musd"

    name: Text = ""
    """Name for people."""

    sites: Names = ()
    """Sites that can buy it; empty: all that offer the network it requires."""

    requires_tier: Id | None = None
    """Network that the site must offer; none: any."""

    cost_musd: NonNegative
    """Its cost at one site, paid when it is ordered by the pool of the site [MUSD]."""

    unit_opex_musd_per_year: NonNegative = 0.0
    """What it adds to the upkeep of every unit in service at the site [MUSD per year]."""

    power_saved_share: Annotated[Number, Field(ge=0, le=0.9)] = 0.0
    """Part of the units' power at the meter that it saves [ratio]."""

    utilisation: Utilisation = NO_STEPS
    """Utilisation of clusters at the site, instead of the workload's own; none: its own [ratio]."""

    lead_months: Annotated[Count, Field(ge=0, le=240)] = 0
    """From its order to its use [months]."""

    available_from: Day | None = None
    """First day on which it can be ordered; none: from the start of the horizon."""

    source: Text = ""
    """Where these figures come from, or that they are assumptions."""
