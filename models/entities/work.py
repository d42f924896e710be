"""What is asked for: workloads, data classes with their law, demand regions and demand."""

from typing import Annotated

from pydantic import Field

from models.entities.base import (
    Day,
    Entity,
    Id,
    Names,
    NonNegative,
    Number,
    Positive,
    Text,
)

ANY = "ANY"
"""In a policy: every jurisdiction."""

HOME = "HOME"
"""In a policy: the jurisdiction where the demand arises."""


class Workload(Entity):
    """A kind of work with its own throughput, peak and patience."""

    name: Text = ""
    """Name for people."""

    latency_limit_ms: Positive | None = None
    """Longest round trip between demand region and site [ms]; none: no limit."""

    peak_factor: Annotated[Number, Field(ge=1, le=20)] = 1.0
    """Peak of the day over its mean: the peak sizes the fleet, the mean sizes cost [ratio]."""

    fan_out: Positive = 1.0
    """Tokens that the fleet makes per token asked for (agents that call models) [ratio]."""

    compute_multiplier: Positive = 1.0
    """Compute per token relative to the benchmark's model [ratio]."""

    shortfall_price_usd_per_mtok: NonNegative | None = None
    """Price of a token not served [USD per Mtok]; none: all demand must be served."""


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
