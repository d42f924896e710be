"""The second formulations of whole years in one: what they say of each other is added here.

Slices, work that waits, mines, shells and offers; payments, credit and caps on running costs;
carbon, water and efficiency; contingencies and availability targets. Conversions are paid by
pools, leases count in caps, and contingencies take offers away, or leave them to be bought from.
"""

from random import Random
from typing import Any

from tests.properties.brownfield import _BrownfieldWriter, with_brownfield
from tests.properties.capital_by_hand import _CapitalWriter, with_capital
from tests.properties.environment_by_hand import _EnvironmentWriter, with_environment
from tests.properties.facts import Terms
from tests.properties.formulation import Formulation
from tests.properties.resilience import _ResilientWriter, with_contingencies, with_targets

Raw = dict[str, Any]


def with_some(raw: Raw, seed: int) -> Raw:
    """An instance in whole years with some of all that can be written down, as often as not."""
    dice = Random(seed)
    raw = with_brownfield(raw, yearly=True) if dice.random() < 0.5 else raw | NOTHING
    raw = with_environment(raw, seed)
    raw = with_capital(raw, seed) if dice.random() < 0.5 else _paid_at_once(raw)
    raw = with_targets(raw, seed) if dice.random() < 0.5 else raw
    return with_contingencies(raw, seed) if dice.random() < 0.5 else raw | UNPROTECTED


NOTHING: Raw = {"mines": [], "shells": [], "rentals": {}}
UNPROTECTED: Raw = {"contingencies": {}, "protection": []}


def _paid_at_once(raw: Raw) -> Raw:
    at_once = {0: 1.0}
    units = {u: unit | {"payments": at_once} for u, unit in raw["unit_types"].items()}
    sites = {
        s: site | {"hall_payments": at_once, "open_payments": at_once}
        for s, site in raw["sites"].items()
    }
    return raw | {
        "unit_types": units,
        "sites": sites,
        "budget": raw["budget"] | {"opex_caps": {}},
    }


def formulate_all(raw: Raw) -> Formulation:
    """Write an instance with all of that down."""
    return _AllWriter(raw).write()


class _AllWriter(_ResilientWriter, _EnvironmentWriter, _CapitalWriter, _BrownfieldWriter):
    running = (*_CapitalWriter.running, "lease")

    def bought(self, s: str) -> list[tuple[tuple[Any, ...], int, float, dict[int, float]]]:
        """Conversions too, paid on the day."""
        return super().bought(s) + [
            (name, name[2], (self.mine(s) or {})["capex_musd_per_mw"], {0: 1.0})
            for name in self.upper
            if name[:2] == ("convert", s)
        ]

    def _running(self, s: str, y: int, terms: Any) -> tuple[list[tuple[Terms, float]], float]:
        parts, fixed = super()._running(s, y, terms)
        shell = self.shell(s)
        if shell and "lease" in terms:
            rent = self.at(shell["price_musd_per_mw_year"], y) * self.days(y) / 365.25
            parts.append((self.leases(s, y), rent))
        return parts, fixed

    def _lost(self, one: Raw) -> list[tuple[str, set[str]]]:
        """Sites and offers: their names differ."""
        kind, named = one.get("each"), one.get("operators", [])
        lost = super()._lost(one)
        if kind == "site":
            return lost
        rentals = self.raw["rentals"].items()
        if kind is None:
            return [
                (p, sites | {x for x, o in rentals if o["operator"] in named}) for p, sites in lost
            ]
        places = dict(lost)
        for x, offer in rentals:
            places[offer[kind]] = places.get(offer[kind], set()) | {x}
        return list(places.items())
