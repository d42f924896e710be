"""What an instance holds: its fields, as written; what follows from them is `models.instance`."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from models.currencies import in_base_money
from models.entities.base import Entity, FrozenDict, Id, Text, V
from models.entities.brownfield import Mine, Shell
from models.entities.clusters import NetworkOption
from models.entities.commitments import Commitments
from models.entities.currency import Currency
from models.entities.environment import Carbon, EfficiencyFloor
from models.entities.hardware import InitialUnits, Quota, Throughput, UnitType
from models.entities.horizon import Horizon, Slice
from models.entities.model_families import ModelFamily
from models.entities.money import Budget, Finance
from models.entities.network import City, CityRtt, Latency, NetworkPrice, Rtt
from models.entities.objective import ObjectiveName
from models.entities.options import SolveOptions
from models.entities.pipeline import Pipeline
from models.entities.places import GridRegion, Jurisdiction, Operator, Site
from models.entities.rental import Rental
from models.entities.resilience import Contingency, Protection
from models.entities.soft import SoftLimit
from models.entities.sovereignty import ConcentrationCap, LocalControlPlane, SufficiencyFloor
from models.entities.uncertainty import Risk, Scenario
from models.entities.upgrades import GridUpgrade
from models.entities.volume import VolumeTier
from models.entities.work import DataClass, Demand, Region, Residency, Workload

Table = Annotated[dict[Id, V], AfterValidator(FrozenDict)]
Required = Annotated[dict[Id, V], AfterValidator(FrozenDict), Field(min_length=1)]


class Content(Entity):
    """The fields of an instance."""

    name: Text
    """Name of the instance, for headings and file names."""

    description: Text = ""
    """What it is about."""

    money: Text = "MUSD"
    """The unit of money and its base year, for headings (MUSD of 2026)."""

    horizon: Horizon
    slices: Table[Slice] = FrozenDict()
    """Parts of the day (UTC) in which demand and prices differ; none: the day is one."""

    finance: Finance = Finance()
    currencies: Table[Currency] = FrozenDict()
    """Currencies in which amounts may be written; they become numbers when they are read."""

    budget: Budget = Budget()
    objective: ObjectiveName = "cost"
    """What the plan is best at: least cost, most profit, or goals in order (formulation §7)."""

    carbon: Carbon = Carbon()
    efficiency_floors: Table[EfficiencyFloor] = FrozenDict()
    jurisdictions: Required[Jurisdiction]
    operators: Required[Operator]
    grid_regions: Table[GridRegion] = FrozenDict()
    sites: Required[Site]
    pipeline: Pipeline = Pipeline()
    grid_upgrades: Table[GridUpgrade] = FrozenDict()
    network_options: Table[NetworkOption] = FrozenDict()
    unit_types: Required[UnitType]
    throughput: tuple[Throughput, ...]
    initial_units: tuple[InitialUnits, ...] = ()
    quotas: Table[Quota] = FrozenDict()
    commitments: Commitments = Commitments()
    mines: tuple[Mine, ...] = ()
    shells: tuple[Shell, ...] = ()
    rentals: Table[Rental] = FrozenDict()
    workloads: Required[Workload]
    model_families: Table[ModelFamily] = FrozenDict()
    data_classes: Required[DataClass]
    residency: tuple[Residency, ...] = ()
    regions: Required[Region]
    demand: tuple[Demand, ...]
    demand_interpolation: Literal["step", "linear", "geometric"] = "step"
    """Demand between two dates: the earlier value, a straight line, or constant growth."""

    rtt: tuple[Rtt, ...] = ()
    cities: Table[City] = FrozenDict()
    city_rtt: tuple[CityRtt, ...] = ()
    latency: Latency = Latency()
    network_prices: tuple[NetworkPrice, ...] = ()
    sufficiency: Table[SufficiencyFloor] = FrozenDict()
    concentration: Table[ConcentrationCap] = FrozenDict()
    local_control_planes: tuple[LocalControlPlane, ...] = ()
    volume_tiers: tuple[VolumeTier, ...] = ()
    soft_limits: tuple[SoftLimit, ...] = ()
    contingencies: Table[Contingency] = FrozenDict()
    """What may go wrong: sites that are lost, units that are delivered late."""

    protection: tuple[Protection, ...] = ()
    """What is still served in every contingency."""

    scenarios: Table[Scenario] = FrozenDict()
    """Possible futures; none: the future is certain."""

    risk: Risk = Risk()
    solve: SolveOptions = SolveOptions()

    _origin: Any = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _convert_money(cls, data: Any) -> Any:
        return in_base_money(cls, data)

    def __eq__(self, other: object) -> bool:
        """True if the content is the same, wherever it was read from."""
        if not isinstance(other, type(self)):
            return NotImplemented
        return self._content() == other._content()

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Name and size: all of an instance would be pages of text."""
        yield "name", self.name
        for table in ("sites", "unit_types", "workloads", "regions", "periods"):
            yield table, len(getattr(self, table))

    def _content(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}
