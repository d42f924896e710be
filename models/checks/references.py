"""References: every name that a record uses must be defined."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from models.checks.gaps import Gaps, is_gap
from models.entities.base import Entity
from models.entities.work import ANY, HOME
from models.problems import Path, Problem, unknown_name

if TYPE_CHECKING:
    from models.instance import Instance

_PLACE, _POLICY, _CONTINENT = "jurisdiction or bloc", "policy", "continent"

_REFERENCES = (
    ("operators", "home_jurisdiction", "jurisdictions"),
    ("operators", "control_plane_jurisdiction", "jurisdictions"),
    ("sites", "operator", "operators"),
    ("sites", "jurisdiction", "jurisdictions"),
    ("sites", "grid_region", "grid_regions"),
    ("grid_upgrades", "site", "sites"),
    ("grid_upgrades", "requires", "grid_upgrades"),
    ("network_options", "sites", "sites"),
    ("unit_types", "barred", _PLACE),
    ("unit_types", "origin", _PLACE),
    ("throughput", "unit_type", "unit_types"),
    ("throughput", "workload", "workloads"),
    ("initial_units", "site", "sites"),
    ("initial_units", "unit_type", "unit_types"),
    ("rentals", "operator", "operators"),
    ("rentals", "jurisdiction", "jurisdictions"),
    ("rentals", "workloads", "workloads"),
    ("rentals", "origin", _PLACE),
    ("mines", "site", "sites"),
    ("shells", "site", "sites"),
    ("quotas", "unit_types", "unit_types"),
    ("quotas", "operators", "operators"),
    ("commitments.orders", "site", "sites"),
    ("commitments.orders", "unit_type", "unit_types"),
    ("commitments.halls", "site", "sites"),
    ("commitments.openings", "site", "sites"),
    ("commitments.upgrades", "upgrade", "grid_upgrades"),
    ("budget.pools", "sites", "sites"),
    ("budget.pools", "operators", "operators"),
    ("budget.pools", "jurisdictions", _PLACE),
    ("budget.pools", "continents", _CONTINENT),
    ("budget.opex_caps", "sites", "sites"),
    ("budget.opex_caps", "operators", "operators"),
    ("budget.opex_caps", "jurisdictions", _PLACE),
    ("budget.opex_caps", "continents", _CONTINENT),
    ("carbon.caps", "sites", "sites"),
    ("carbon.caps", "operators", "operators"),
    ("carbon.caps", "jurisdictions", _PLACE),
    ("carbon.caps", "continents", _CONTINENT),
    ("efficiency_floors", "sites", "sites"),
    ("efficiency_floors", "operators", "operators"),
    ("efficiency_floors", "jurisdictions", _PLACE),
    ("efficiency_floors", "continents", _CONTINENT),
    ("data_classes", "compute", _POLICY),
    ("data_classes", "operator_home", _POLICY),
    ("data_classes", "control_plane", _POLICY),
    ("data_classes", "supply_origin", _POLICY),
    ("residency", "jurisdiction", _PLACE),
    ("residency", "data_class", "data_classes"),
    ("residency", "compute", _POLICY),
    ("residency", "operator_home", _POLICY),
    ("residency", "control_plane", _POLICY),
    ("residency", "supply_origin", _POLICY),
    ("regions", "jurisdiction", "jurisdictions"),
    ("demand", "region", "regions"),
    ("demand", "workload", "workloads"),
    ("demand", "data_class", "data_classes"),
    ("rtt", "region", "regions"),
    ("rtt", "site", "sites"),
    ("city_rtt", "city_a", "cities"),
    ("city_rtt", "city_b", "cities"),
    ("sufficiency", "jurisdictions", _PLACE),
    ("sufficiency", "continents", _CONTINENT),
    ("sufficiency", "workloads", "workloads"),
    ("sufficiency", "data_classes", "data_classes"),
    ("local_control_planes", "site", "sites"),
    ("volume_tiers", "unit_type", "unit_types"),
    ("contingencies", "sites", "sites"),
    ("contingencies", "operators", "operators"),
    ("contingencies", "jurisdictions", _PLACE),
    ("contingencies", "grid_regions", "grid_regions"),
    ("protection", "workload", "workloads"),
    ("protection", "region", "regions"),
    ("protection", "jurisdiction", _PLACE),
    ("protection", "continent", _CONTINENT),
    ("protection", "data_class", "data_classes"),
    ("model_families", "trained_by", "workloads"),
    ("model_families", "served_by", "workloads"),
    ("model_families", "weights_data_class", "data_classes"),
)
"""Table, field, and what the field names."""

_WORDS = {
    "jurisdictions": "jurisdiction",
    "operators": "operator",
    "grid_regions": "grid region",
    "grid_upgrades": "grid upgrade",
    "unit_types": "unit type",
    "workloads": "workload",
    "sites": "site",
    "data_classes": "data class",
    "regions": "region",
    "cities": "city",
    _PLACE: "jurisdiction or bloc",
    _POLICY: "jurisdiction or bloc",
    _CONTINENT: "continent",
}


def find(inst: "Instance", gaps: Gaps) -> list[Problem]:
    """Names that nothing defines, and names that would mean two things."""
    known = _Known(inst, gaps)
    problems = []
    for table, field, kind in _REFERENCES:
        for path, record in records(inst, table):
            value = getattr(record, field)
            if value is None:
                continue
            if isinstance(value, str):
                if message := known.fault(kind, value):
                    problems.append(Problem((*path, field), message))
                continue
            for position, name in enumerate(value):
                if message := known.fault(kind, name):
                    problems.append(Problem((*path, field, position), message))
    return [*problems, *_ambiguous(inst), *_empty_quotas(inst)]


def records(inst: "Instance", table: str) -> Iterator[tuple[Path, Entity]]:
    """The records of a table with their paths; none if the table is invalid as a whole."""
    holder, _, inner = table.partition(".")
    value = inst.__dict__.get(holder)
    if inner and value is not None:
        value = getattr(value, inner)
    pairs: Iterable[tuple[str | int, Entity]]
    pairs = value.items() if isinstance(value, dict) else enumerate(value or ())
    for key, record in pairs:
        yield (*table.split("."), key), record


class _Known:
    """The names that are defined, by what they name."""

    def __init__(self, inst: "Instance", gaps: Gaps) -> None:
        self.inst, self.gaps = inst, gaps
        self.names: dict[str, set[str]] = {}
        self.faults: dict[tuple[str, str], str] = {}

    def fault(self, kind: str, name: str) -> str:
        """What is wrong with a name; nothing if it is defined, or in a record that is invalid."""
        if kind not in self.names:
            self.names[kind] = self._defined(kind)
        if name in self.names[kind]:
            return ""
        if (kind, name) not in self.faults:
            self.faults[kind, name] = "" if self._gap(kind, name) else self._message(kind, name)
        return self.faults[kind, name]

    def _defined(self, kind: str) -> set[str]:
        places = self.inst.__dict__.get("jurisdictions", {})
        if kind == _CONTINENT:
            return {place.continent for place in places.values()}
        if kind in (_PLACE, _POLICY):
            blocs = {bloc for place in places.values() for bloc in place.blocs}
            return blocs | set(places) | ({HOME, ANY} if kind == _POLICY else set())
        return set(self.inst.__dict__.get(kind, ()))

    def _gap(self, kind: str, name: str) -> bool:
        if kind in (_PLACE, _POLICY, _CONTINENT):
            return "jurisdictions" in self.gaps
        return is_gap(self.gaps, kind, name)

    def _message(self, kind: str, name: str) -> str:
        return unknown_name(_WORDS[kind], name, self.names[kind])


def _ambiguous(inst: "Instance") -> Iterator[Problem]:
    places = inst.__dict__.get("jurisdictions", {})
    for name, place in places.items():
        if name in (HOME, ANY):
            message = f"'{name}' has a meaning of its own in policies; choose another name."
            yield Problem(("jurisdictions", name), message)
        for position, bloc in enumerate(place.blocs):
            if bloc in places or bloc in (HOME, ANY):
                path = ("jurisdictions", name, "blocs", position)
                what = "is a jurisdiction" if bloc in places else "has a meaning in policies"
                yield Problem(path, f"'{bloc}' {what}; a bloc needs a name of its own.")


def _empty_quotas(inst: "Instance") -> Iterator[Problem]:
    for name, quota in inst.__dict__.get("quotas", {}).items():
        if not quota.unit_types:
            yield Problem(("quotas", name, "unit_types"), "must name at least one unit type.")
