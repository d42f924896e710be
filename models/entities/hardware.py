"""What is ordered: unit types, their throughput, the fleet at the start, supply quotas."""

from typing import Annotated, Literal

from pydantic import Field

from models.entities.base import (
    Count,
    Day,
    Entity,
    Id,
    Names,
    NonNegative,
    Number,
    Positive,
    Share,
    Steps,
    Text,
)
from models.entities.payments import AT_ORDER, Payments


class UnitType(Entity):
    """A hardware generation with its cooling: the module that is ordered as a whole."""

    name: Text = ""
    """Name for people."""

    generation: Id
    """Hardware generation; a concentration cap may count by it."""

    vendor: Id | None = None
    """Who supplies it; a concentration cap may count by it."""

    origin: Names = ()
    """Jurisdictions or blocs that its supply comes from; empty: unknown."""

    cooling: Id
    """Cooling class; a site must have a PUE for it."""

    it_mw: Positive
    """IT load of one unit at full use [MW]."""

    idle_share: Share = 0.3
    """Part of the IT load that an idle unit draws [ratio]."""

    rack_kw: Positive | None = None
    """Load of its densest rack [kW]; none: fits any site."""

    accelerators: Annotated[Count, Field(ge=1)] = 1
    """Accelerators in one unit, as counted by quotas."""

    capex_musd: NonNegative
    """Price of one unit, installed, without its hall [MUSD]."""

    payments: Payments = AT_ORDER
    """Shares of the price by months after the order (deposit, milestones, delivery) [ratio]."""

    opex_musd_per_year: NonNegative = 0.0
    """Upkeep of one unit in service, without energy [MUSD per year]."""

    life_years: Annotated[Count, Field(ge=1, le=100)]
    """Service life [years]."""

    lead_months: Annotated[Count, Field(ge=0, le=240)] = 0
    """From order to service, where hall and power stand ready [months]."""

    available_from: Day
    """Release: first day on which it can be ordered."""

    available_until: Day | None = None
    """Last day on which it can be ordered; none: no end."""

    availability: Annotated[Number, Field(gt=0, le=1)] = 1.0
    """Share of the units in service that work at any time [ratio]."""

    software_gain_per_year: Annotated[Number, Field(ge=0, le=2)] = 0.0
    """Growth of its throughput by better software, from the horizon's start [per year]."""

    early_retirement: bool = False
    """True if its units may leave service before the end of their life."""

    scrap_value_share: Share = 0.0
    """What a unit that leaves early is sold for, relative to its price [ratio]."""

    decommissioning_musd: NonNegative = 0.0
    """Cost of taking one unit out of service early [MUSD]."""

    embodied_tco2: NonNegative = 0.0
    """What making and installing one unit emits [tCO2]."""

    barred: Names = ()
    """Jurisdictions or blocs where export control forbids it."""

    source: Text = ""
    """Where these figures come from, or that they are assumptions."""


class Throughput(Entity):
    """Tokens that one unit of a type makes of one workload."""

    key = ("unit_type", "workload")
    amount = "mtok_s"

    unit_type: Id
    """The unit type."""

    workload: Id
    """The workload."""

    mtok_s: NonNegative
    """Benchmark throughput of one unit, all of it on this workload [Mtok/s]."""


class InitialUnits(Entity):
    """Units in service, or paid for and on their way, at the start of the horizon."""

    key = ("site", "unit_type", "in_service")
    amount = "units"

    site: Id
    """The site."""

    unit_type: Id
    """The unit type."""

    in_service: Day
    """First day of service; the life counts from here."""

    units: Annotated[Count, Field(ge=0)]
    """How many [units]."""


class Quota(Entity):
    """A limit on what suppliers deliver: orders of some unit types, by all or some operators."""

    amount = "per_year"

    unit_types: Names
    """The unit types that share the quota."""

    operators: Names = ()
    """The operators that share it; empty: all."""

    counts: Literal["units", "accelerators"] = "units"
    """What is counted."""

    per_year: Steps
    """Most that can be ordered, from each date [per year]."""

    carry_over: bool = False
    """True if what is not ordered in a period can be ordered later."""
