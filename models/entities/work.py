"""What is asked for: workloads, data classes with their law, demand regions and demand."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from models.entities.base import (
    Day,
    Entity,
    Id,
    Names,
    NonNegative,
    Number,
    Positive,
    Share,
    Text,
)
from models.entities.clusters import Cluster

ANY = "ANY"
"""In a policy: every jurisdiction."""

HOME = "HOME"
"""In a policy: the jurisdiction where the demand arises."""


def _split_numbers(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


def _whole_day(values: tuple[float, ...]) -> tuple[float, ...]:
    if len(values) not in (0, 24):
        raise ValueError(
            f"must have 24 numbers, one for each hour of the day, or none; has {len(values)}"
        )
    return values


Profile = Annotated[
    tuple[Annotated[Number, Field(ge=0.001, le=1000)], ...],
    BeforeValidator(_split_numbers),
    AfterValidator(_whole_day),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "number", "exclusiveMinimum": 0}},
                {"type": "string"},
            ]
        }
    ),
]
"""24 positive numbers, one for each hour of the day; in a CSV cell they are separated by ';'."""


class Workload(Entity):
    """A kind of work with its own throughput, peak and patience."""

    name: Text = ""
    """Name for people."""

    latency_limit_ms: Positive | None = None
    """Longest round trip between demand region and site [ms]; none: no limit."""

    peak_factor: Annotated[Number, Field(ge=1, le=20)] = 1.0
    """Peak over the mean, within a slice of the day (within the day, where there are no slices):
    the peak sizes the fleet, the mean sizes cost [ratio]."""

    daily_profile: Profile = ()
    """Demand by local hour of the day, from midnight on; only the ratios count; none: flat."""

    deferrable_share: Share = 0.0
    """Part of the demand that may be served in another slice of the same period [ratio]."""

    data_gb_per_mtok: NonNegative = 0.0
    """Data that are carried between the region where they lie and the site, with every million
    tokens: records to learn from, images, video [GB per Mtok]."""

    data_stays: Literal["anywhere", "jurisdiction", "bloc", "continent"] = "anywhere"
    """How near to their region the data must be worked on, whatever the law allows: in its
    jurisdiction, in one that shares a bloc with it, or on its continent."""

    port_operator_musd_per_mtok_s: NonNegative = 0.0
    """Cost of moving work from one operator to another between two periods: contracts, data,
    acceptance [MUSD per Mtok/s]."""

    port_generation_musd_per_mtok_s: NonNegative = 0.0
    """Cost of moving work from one hardware generation to another between two periods: porting
    and tuning [MUSD per Mtok/s]."""

    fan_out: Positive = 1.0
    """Tokens that the fleet makes per token asked for (agents that call models) [ratio]."""

    compute_multiplier: Positive = 1.0
    """Compute per token relative to the benchmark's model [ratio]."""

    cluster: Cluster = Cluster()
    """What it needs to stand in one place."""

    shortfall_price_usd_per_mtok: NonNegative | None = None
    """Price of a token not served [USD per Mtok]; none: all demand must be served."""

    shortfall_weight: NonNegative = 1.0
    """What a token not served counts where an objective serves first [ratio]."""

    revenue_usd_per_mtok: NonNegative = 0.0
    """What a token served brings, counted like shortfall after fan-out; part of the objective
    `profit`, else reported only [USD per Mtok]."""

    availability_target: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """Part of the time in which enough of the units at a site are up for all that is at work on it
    [ratio]; none: units work as often as they are available in the mean."""


class Policy(Entity):
    """Where data may be processed and by whom.

    Each list holds jurisdictions, blocs, HOME (where the demand arises) or ANY.
    """

    compute: Names = (ANY,)
    """Where the compute may stand."""

    operator_home: Names = (ANY,)
    """Where the operator may have its seat."""

    control_plane: Names = (ANY,)
    """Where the control plane may stand."""

    supply_origin: Names = (ANY,)
    """Where the units at work on it may come from: all that a unit type's `origin` names."""

    certification: Id | None = None
    """Certificate that the operator must hold; none: none."""

    law: Text = ""
    """The law behind it, for messages and reports."""


class DataClass(Policy):
    """A class of data, with the policy that holds where no residency row says otherwise."""

    name: Text = ""
    """Name for people."""


class Residency(Policy):
    """The policy for one data class in one jurisdiction or bloc, in place of the class's own."""

    key = ("jurisdiction", "data_class")

    jurisdiction: Id
    """The jurisdiction, or the bloc, where the demand arises; the jurisdiction's row wins."""

    data_class: Id
    """The data class."""


class Region(Entity):
    """A demand region: where tokens are asked for."""

    name: Text = ""
    """Name for people."""

    jurisdiction: Id
    """Whose law its data fall under."""

    lat: Annotated[Number, Field(ge=-90, le=90)]
    """Latitude of its centre of demand [degrees north]."""

    lon: Annotated[Number, Field(ge=-180, le=180)]
    """Longitude of its centre of demand [degrees east]."""

    utc_offset_hours: Annotated[Number, Field(ge=-14, le=14)] | None = None
    """Hours by which its clocks are ahead of UTC [hours]; none: its longitude / 15."""

    network_zone: Id | None = None
    """Zone of the network price list."""

    source: Text = ""
    """Where these figures come from, or that they are assumptions."""


class Demand(Entity):
    """Mean demand of one stream (region, workload, data class) at a date."""

    key = ("region", "workload", "data_class", "date")
    amount = "mtok_s"

    region: Id
    """The demand region."""

    workload: Id
    """The workload."""

    data_class: Id
    """The data class."""

    date: Day
    """The date at which it is so high."""

    mtok_s: NonNegative
    """Mean rate asked for, before fan-out [Mtok/s]."""
