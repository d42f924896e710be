"""Magnitudes: numbers that would break the solver, and numbers that look like another unit."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import log10
from typing import TYPE_CHECKING, NamedTuple

from models.calendar import DAYS_PER_YEAR
from models.checks.gaps import present
from models.checks.references import records
from models.entities.base import ALWAYS, Entity
from models.problems import Path, Problem
from models.shape import of_field, tables

if TYPE_CHECKING:
    from models.instance import Instance

LARGEST = 1e9
SMALLEST = 1e-9
"""Numbers beyond these lose their meaning in the solver's arithmetic."""

LEAST_RATE = 1e-5
"""Smallest rate of tokens that plans can tell from none [Mtok/s]."""


class _Usual(NamedTuple):
    """The range that a figure usually lies in, and what to check outside it."""

    table: str
    field: str
    low: float
    high: float
    check: str


_USUAL = (
    _Usual("unit_types", "it_mw", 0.001, 100, "is the IT load of one unit, in MW"),
    _Usual("unit_types", "rack_kw", 1, 2_000, "is the load of one rack, in kW"),
    _Usual("sites", "max_rack_kw", 1, 2_000, "is the load of one rack, in kW"),
    _Usual("sites", "grid_mw", 0, 20_000, "is the grid connection, in MW"),
    _Usual("sites", "hall_capex_musd_per_mw", 0, 100, "is the cost of a hall, in MUSD per IT MW"),
    _Usual("sites", "energy_price_usd_per_mwh", 1, 2_000, "is a price in USD per MWh"),
    _Usual("sites", "energy_price_factor", 0.05, 20, "is a ratio, 1 for the price of the period"),
    _Usual("sites", "carbon_kg_per_mwh", 0, 2_000, "is in kg per MWh"),
    _Usual("sites", "carbon_factor", 0.05, 20, "is a ratio, 1 for the intensity of the period"),
    _Usual("grid_regions", "carbon_kg_per_mwh", 0, 2_000, "is in kg per MWh"),
    _Usual("jurisdictions", "carbon_kg_per_mwh", 0, 2_000, "is in kg per MWh"),
    _Usual("jurisdictions", "carbon_price_usd_per_t", 0, 2_000, "is a price in USD per tCO2"),
    _Usual("sites", "water_l_per_kwh", 0.01, 20, "is in litres per kWh of IT"),
    _Usual("sites", "water_price_usd_per_m3", 0.01, 50, "is a price in USD per m3"),
    _Usual("unit_types", "embodied_tco2", 1, 1_000_000, "is what one unit emits, in tCO2"),
    _Usual("sites", "unit_capex_factor", 0.2, 5, "is a ratio, 1 for the list price"),
    _Usual("grid_upgrades", "added_mw", 0, 20_000, "is the power it adds, in MW"),
    _Usual("grid_upgrades", "added_cap_mw", 0, 1_000_000, "is the power it adds, in MW"),
    _Usual("mines", "capex_musd_per_mw", 0, 100, "is the cost of a conversion, in MUSD per MW"),
    _Usual("mines", "margin_musd_per_mw_year", 0, 10, "is in MUSD per MW-year"),
    _Usual("shells", "price_musd_per_mw_year", 0, 20, "is a rent in MUSD per IT MW and year"),
    _Usual("grid_regions", "cap_mw", 0, 1_000_000, "is in MW"),
    _Usual("rtt", "rtt_ms", 0, 2_000, "is a round trip in ms"),
    _Usual("city_rtt", "rtt_ms", 0, 2_000, "is a round trip in ms"),
    _Usual("network_prices", "usd_per_gb", 0, 10, "is a price in USD per GB"),
    _Usual("workloads", "data_gb_per_mtok", 0, 10_000, "is in GB per million tokens"),
    _Usual("model_families", "size_gb", 1, 100_000, "is what one transfer carries, in GB"),
    _Usual("network_prices", "usd_per_mtok", 0, 1_000, "is a price in USD per Mtok"),
    _Usual("throughput", "mtok_s", 0, 10_000, "is the throughput of one unit, in Mtok/s"),
)


def beyond_the_solver(inst: "Instance") -> Iterator[Problem]:
    """Numbers that the solver cannot tell from infinity, or from 0."""
    for name in type(inst).model_fields:
        value = inst.__dict__.get(name)
        if isinstance(value, Entity):
            yield from _extremes((name,), value)
    for table in tables(type(inst)):
        for path, record in records(inst, ".".join(table)):
            yield from _extremes(path, record)


def too_small_to_serve(inst: "Instance") -> Iterator[Problem]:
    """Rates that are nothing to a solver, whose tolerance is a millionth of a Mtok/s."""
    for table in ("demand", "throughput"):
        for position, row in enumerate(getattr(inst, table)):
            if 0 < row.mtok_s < LEAST_RATE:
                message = (
                    f"must be 0 or at least {LEAST_RATE:g} Mtok/s, but is {row.mtok_s:g}; "
                    "is it in Mtok/s? Add small streams up, or leave them out."
                )
                yield Problem((table, position, "mtok_s"), message)


def products_beyond_the_solver(inst: "Instance") -> Iterator[Problem]:
    """What accepted figures make together: demand with fan-out, software gains, discounting."""
    for row in inst.demand:
        fan_out = inst.workloads[row.workload].fan_out
        if row.mtok_s * fan_out > LARGEST:
            message = f"makes demand over {LARGEST:g} Mtok/s with its fan-out; check both units."
            yield Problem(("workloads", row.workload, "fan_out"), message)
            return
    periods = inst.horizon.periods()
    years = (periods[-1].end - periods[0].start).days / DAYS_PER_YEAR
    for name, unit in inst.unit_types.items():
        if years * log10(1 + unit.software_gain_per_year) > 6:
            message = f"multiplies throughput more than a million times in {years:.0f} years."
            yield Problem(("unit_types", name, "software_gain_per_year"), message)
    base = inst.finance.base_date or inst.horizon.start
    rate = log10(1 + inst.finance.discount_rate_per_year)
    ends = (abs((day - base).days) / DAYS_PER_YEAR for day in (periods[0].start, periods[-1].end))
    if max(ends) * rate > 6:
        message = "discounts some money of the horizon by more than a million times from base_date."
        yield Problem(("finance", "discount_rate_per_year"), message)


def nothing_asked_for(inst: "Instance") -> Iterator[Problem]:
    """An instance without demand has an empty plan."""
    if not any(row.mtok_s for row in inst.demand):
        yield _warning(("demand",), "nothing is asked for; the plan will build nothing.")


def _extremes(path: Path, record: Entity) -> Iterator[Problem]:
    for field, kind in _number_fields(type(record)):
        value = getattr(record, field)
        if kind in ("number", "whole"):
            if value and (message := _extreme(value)):
                yield Problem((*path, field), message)
        else:
            for key, number in (value or {}).items():
                if not isinstance(number, str) and (message := _extreme(number)):
                    where = (field,) if key == ALWAYS else (field, str(key))
                    yield Problem((*path, *where), message)


@lru_cache
def _number_fields(entity: type[Entity]) -> list[tuple[str, str]]:
    kinds = {name: of_field(field).kind for name, field in entity.model_fields.items()}
    numbers = ("number", "whole", "steps", "map")
    return [(name, kind) for name, kind in kinds.items() if kind in numbers]


def _extreme(value: float) -> str:
    if abs(value) > LARGEST:
        return f"must be at most {LARGEST:g}, but is {value:g}; check its unit."
    if 0 < abs(value) < SMALLEST:
        return f"must be 0 or at least {SMALLEST:g}, but is {value:g}; check its unit."
    return ""


def unusual(inst: "Instance") -> Iterator[Problem]:
    """Figures that a slip of units would explain."""
    for usual in _USUAL:
        for path, record in records(inst, usual.table):
            value = getattr(record, usual.field)
            values = list(value.values()) if isinstance(value, Mapping) else [value]
            odd = [x for x in values if x and not usual.low <= x <= usual.high]
            if odd:
                yield _warning((*path, usual.field), f"{odd[0]:g} {usual.check}; is that right?")
    if present(inst, ("unit_types",)):
        yield from _unit_prices(inst)
    if present(inst, ("unit_types", "throughput")):
        yield from _unit_throughput(inst)
    if present(inst, ("finance",)) and inst.finance.discount_rate_per_year > 0.3:
        rate = inst.finance.discount_rate_per_year
        message = f"{rate:g} is {rate:.0%} a year; is that right?"
        yield _warning(("finance", "discount_rate_per_year"), message)


def _unit_prices(inst: "Instance") -> Iterator[Problem]:
    for name, unit in inst.unit_types.items():
        per_mw = unit.capex_musd / unit.it_mw
        if not 1 <= per_mw <= 200:
            message = (
                f"one unit costs {unit.capex_musd:g} MUSD for {unit.it_mw:g} MW of IT, "
                f"{per_mw:.3g} MUSD per MW; 1 to 200 is usual. Check both units."
            )
            yield _warning(("unit_types", name, "capex_musd"), message)


def _unit_throughput(inst: "Instance") -> Iterator[Problem]:
    for position, row in enumerate(inst.throughput):
        unit = inst.unit_types.get(row.unit_type)
        if unit and row.mtok_s / unit.it_mw > 1_000:
            message = (
                f"{row.mtok_s:g} Mtok/s from {unit.it_mw:g} MW of IT is over 1000 Mtok/s per MW; "
                "is it in Mtok/s?"
            )
            yield _warning(("throughput", position, "mtok_s"), message)


def _warning(path: Path, message: str) -> Problem:
    return Problem(path, message, "warning")
