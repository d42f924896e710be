"""Ranges: figures of one kind that lie so far apart that a solver cannot heed both."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from models.checks.gaps import present
from models.checks.references import records
from models.problems import Path, Problem

if TYPE_CHECKING:
    from models.instance import Instance

FAR_APART = 1e6
"""A solver takes a limit for kept that is missed by a millionth: what is smaller than that beside
the largest of its kind may be lost [ratio]."""


class _Kind(NamedTuple):
    """Figures that meet in the same limits, and what each is called."""

    table: str
    field: str
    unit: str
    called: Callable[[Path, Any], str]


def _of(what: str) -> Callable[[Path, Any], str]:
    return lambda path, _: f"{what} of {path[-1]}"


_KINDS = (
    _Kind(
        "demand",
        "mtok_s",
        "Mtok/s",
        lambda _, row: f"demand of {row.region} for {row.workload} ({row.data_class})",
    ),
    _Kind(
        "throughput",
        "mtok_s",
        "Mtok/s",
        lambda _, row: f"throughput of {row.unit_type} for {row.workload}",
    ),
    _Kind("sites", "grid_mw", "MW", _of("grid connection")),
    _Kind("sites", "energy_price_usd_per_mwh", "USD per MWh", _of("energy price")),
    _Kind("sites", "open_cost_musd", "MUSD", _of("opening cost")),
    _Kind("unit_types", "capex_musd", "MUSD", _of("price")),
    _Kind("unit_types", "it_mw", "MW", _of("IT load")),
    _Kind("workloads", "shortfall_price_usd_per_mtok", "USD per Mtok", _of("shortfall price")),
)


def far_apart(inst: "Instance") -> Iterator[Problem]:
    """Of each kind the largest figure and the smallest that is not 0, if too far apart."""
    for kind in _KINDS:
        if not present(inst, (kind.table,)):
            continue
        largest: dict[str, tuple[float, Path]] = {}
        for path, record in records(inst, kind.table):
            value, name = _largest(getattr(record, kind.field)), kind.called(path, record)
            if value > largest.get(name, (0.0, ()))[0]:
                largest[name] = value, (*path, kind.field)
        if not largest:
            continue
        high, low = (choose(largest, key=lambda name: largest[name][0]) for choose in (max, min))
        (most, _), (least, where) = largest[high], largest[low]
        if most > FAR_APART * least:
            message = (
                f"the {high} ({most:g} {kind.unit}) is {most / least:,.0f} times the {low} "
                f"({least:g} {kind.unit}), which a solver may lose beside it. Check both units, or "
                "leave the small one out."
            )
            yield Problem(where, message, "warning")


def _largest(value: object) -> float:
    """A figure, or the largest of steps; 0 where there is none."""
    values = value.values() if isinstance(value, Mapping) else [value]
    return max((abs(x) for x in values if isinstance(x, int | float)), default=0.0)
