"""Where units can stand and who runs them: jurisdictions, operators, grid regions, sites."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from models.entities.base import (
    ALWAYS,
    Count,
    Entity,
    FrozenDict,
    Id,
    Names,
    NonNegative,
    Number,
    Positive,
    Steps,
    Text,
)
from models.entities.payments import AT_ORDER, Payments
from models.entities.pipeline import Statuses

Pue = Annotated[Number, Field(ge=1, le=3)]


class Jurisdiction(Entity):
    """A country, or another territory with laws of its own."""

    name: Text = ""
    """Name for people."""

    continent: Id
    """The continent it lies on."""

    blocs: Names = ()
    """Groups of jurisdictions it belongs to, as laws and limits name them (EU, EEA …)."""

    carbon_kg_per_mwh: Steps | None = None
    """Carbon intensity of electricity at sites where neither site nor grid region gives one, from
    each date [kgCO2 per MWh]; none: 0."""

    carbon_price_usd_per_t: Steps | None = None
    """Price of emissions here, from each date [USD per tCO2]; none: that of `carbon`."""


class Operator(Entity):
    """A partner that runs sites."""

    name: Text = ""
    """Name for people."""

    home_jurisdiction: Id
    """Where the company has its seat, whose law it answers to."""

    control_plane_jurisdiction: Id
    """Where the systems stand that steer its sites."""

    certifications: Names = ()
    """Certificates it holds; a data class may ask for one."""

    performance: Annotated[Number, Field(gt=0, le=1)] = 1.0
    """Share of the benchmark throughput that its sites reach (certified operators: guaranteed)."""


class GridRegion(Entity):
    """Part of a power grid whose connections share one limit."""

    amount = "cap_mw"

    name: Text = ""
    """Name for people."""

    cap_mw: Steps
    """Most power that the sites of this region draw together, from each date [MW at the meter]."""

    carbon_kg_per_mwh: Steps | None = None
    """Carbon intensity of electricity at sites that give none, from each date [kgCO2 per MWh];
    none: that of the jurisdiction."""


class Site(Entity):
    """A place where units can stand."""

    name: Text = ""
    """Name for people."""

    operator: Id
    """The operator that runs it."""

    jurisdiction: Id
    """The jurisdiction it stands in."""

    lat: Annotated[Number, Field(ge=-90, le=90)]
    """Latitude [degrees north]."""

    lon: Annotated[Number, Field(ge=-180, le=180)]
    """Longitude [degrees east]."""

    network_zone: Id | None = None
    """Zone of the network price list."""

    grid_region: Id | None = None
    """Grid region whose cap it shares; none: no shared cap."""

    grid_mw: Steps
    """Energised grid connection from each date [MW at the meter]."""

    grid_status: Statuses = FrozenDict()
    """How far the steps of the grid connection have come, by their dates: announced, permitted,
    contracted or energised; energised for steps that are not named."""

    pue: Annotated[dict[Id, Pue], AfterValidator(FrozenDict), Field(min_length=1)]
    """Meter power per IT power, for each cooling class that the site supports [ratio]."""

    network_tiers: Names = ()
    """Networks that it offers; a workload or a network option may ask for one."""

    max_rack_kw: Positive | None = None
    """Densest rack that the site can power and cool [kW]; none: any."""

    previous_use: Literal["none", "crypto_mining"] = "none"
    """What stood there before: nothing, or a cryptocurrency mine; for reading, not for the model.
    A mine that still stands and can be converted is a row of `mines`."""

    opened: bool = False
    """True if the site is already open: it costs nothing to open."""

    open_cost_musd: NonNegative = 0.0
    """Cost of opening the site, once [MUSD]."""

    open_payments: Payments = AT_ORDER
    """Shares of the cost of opening by months after the opening [ratio]."""

    fixed_opex_musd_per_year: NonNegative = 0.0
    """Staff, land and upkeep while the site is open [MUSD per year]."""

    min_build_mw: NonNegative = 0.0
    """Least hall power to be built if the site is opened [IT MW]."""

    initial_hall_mw: Steps = FrozenDict({ALWAYS: 0.0})
    """Halls that stand at the start of the horizon, or come by orders before it, from each date
    [IT MW]."""

    hall_block_mw: Positive
    """Size of one power hall (shell, electrical and cooling), built as a whole [IT MW]."""

    hall_capex_musd_per_mw: NonNegative
    """Cost of a hall [MUSD per IT MW]."""

    hall_payments: Payments = AT_ORDER
    """Shares of the cost of a hall by months after its order [ratio]."""

    hall_lead_months: Annotated[Count, Field(ge=0, le=240)] = 0
    """From the order of a hall to its use [months]."""

    hall_life_years: Annotated[Count, Field(ge=1, le=100)] = 20
    """Life of a hall [years]."""

    unit_lead_months: Annotated[Count, Field(ge=0, le=240)] = 0
    """Months that this site adds to the lead time of every unit [months]."""

    install_rate_mw_per_month: Positive | None = None
    """Most IT power of new units put into service [IT MW per month]; none: no limit."""

    unit_capex_factor: Positive = 1.0
    """Price of a unit here relative to its list price: duty, transport, local cost [ratio]."""

    energy_price_usd_per_mwh: Steps
    """Price of electricity from each date [USD per MWh at the meter]."""

    energy_price_factor: Annotated[dict[Id, NonNegative], AfterValidator(FrozenDict)] = FrozenDict()
    """Price of electricity in a slice over that of the period; 1 for slices not named [ratio]."""

    carbon_kg_per_mwh: Steps | None = None
    """Carbon intensity of the electricity, from each date [kgCO2 per MWh]; none: that of the grid
    region, else of the jurisdiction."""

    carbon_factor: Annotated[dict[Id, NonNegative], AfterValidator(FrozenDict)] = FrozenDict()
    """Carbon intensity in a slice over that of the period; 1 for slices not named [ratio]."""

    water_l_per_kwh: Annotated[dict[Id, NonNegative], AfterValidator(FrozenDict)] = FrozenDict()
    """Water used per IT energy, for each cooling class; 0 for those not named [L per IT kWh]."""

    water_limit_m3_per_year: Steps | None = None
    """Most water that it may use, from each date [m3 per year]; none: no limit."""

    water_price_usd_per_m3: Steps = FrozenDict({ALWAYS: 0.0})
    """Price of water, from each date [USD per m3]."""

    hall_embodied_tco2_per_mw: NonNegative = 0.0
    """What building a hall emits [tCO2 per IT MW]."""

    source: Text = ""
    """Where these figures come from, or that they are assumptions."""
