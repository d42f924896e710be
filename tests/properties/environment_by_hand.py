"""Carbon, efficiency and water: random figures, and a second formulation.

Emissions are summed over every unit and hour of a year, without intensities by state: a slice emits
its part of what the year would emit at that intensity.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any

import numpy as np

from tests.properties.by_hand import Writer
from tests.properties.facts import Terms
from tests.properties.formulation import Formulation


def with_environment(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """An instance with random carbon."""
    dice, out = Random(seed), deepcopy(raw)
    years = {"2027-01-01": 300.0, "2028-01-01": 110.0}
    out["jurisdictions"] = {
        j: place
        | {"carbon_kg_per_mwh": dice.choice([40.0, 500.0, years])}
        | ({"carbon_price_usd_per_t": dice.choice([0.0, 900.0])} if dice.random() < 0.3 else {})
        for j, place in out["jurisdictions"].items()
    }
    for region in out["grid_regions"].values():
        if dice.random() < 0.5:
            region["carbon_kg_per_mwh"] = dice.choice([0.0, 250.0])
    for site in out["sites"].values():
        if dice.random() < 0.4:
            site["carbon_kg_per_mwh"] = dice.choice([10.0, 700.0, years])
        site["carbon_factor"] = {x: dice.choice([0.0, 0.4, 2.0]) for x in out.get("slices", {})}
        site["hall_embodied_tco2_per_mw"] = dice.choice([0.0, 90.0])
    for unit in out["unit_types"].values():
        unit["embodied_tco2"] = dice.choice([0.0, 700.0])
    prices = {"2027-01-01": 40.0, "2028-01-01": 150.0}
    carbon: dict[str, Any] = {"price_usd_per_t": dice.choice([0.0, 60.0, prices]), "caps": {}}
    if dice.random() < 0.6:
        carbon["caps"]["all"] = {"tco2_per_year": dice.choice([900.0, 3000.0, 9000.0])}
    if dice.random() < 0.4:
        steps = {"2027-01-01": 4000.0, "2028-01-01": 600.0}
        carbon["caps"]["north"] = {"continents": ["europe"], "tco2_per_year": steps}
    for site in out["sites"].values():
        site["water_l_per_kwh"] = {c: dice.choice([0.0, 0.9, 2.4]) for c in site["pue"]}
        site["water_price_usd_per_m3"] = dice.choice([0.0, 30.0, years])
        if dice.random() < 0.4:
            steps = {"2027-01-01": 12_000.0, "2028-01-01": 5000.0}
            site["water_limit_m3_per_year"] = dice.choice([2000.0, 20_000.0, steps])
    floors: dict[str, Any] = {}
    if dice.random() < 0.4:
        floors["all"] = {"mtok_per_mwh": dice.choice([1500.0, 4000.0])}
    if dice.random() < 0.3:
        steps = {"2027-01-01": 5000.0, "2028-01-01": 2500.0}
        floors["north"] = {"continents": ["europe"], "mtok_per_mwh": steps}
    return out | {"carbon": carbon, "efficiency_floors": floors}


def formulate_environment(raw: dict[str, Any]) -> Formulation:
    """Write an instance with carbon down."""
    return _EnvironmentWriter(raw).write()


class _EnvironmentWriter(Writer):
    def drawn(self, s: str, y: int) -> Iterator[tuple[Terms, float, str, str, float]]:
        """Variables, units that stand in any case, unit type, slice, MWh of each."""
        site = self.raw["sites"][s]
        for u, unit in self.raw["unit_types"].items():
            if unit["cooling"] not in site["pue"]:
                continue
            for x in self.slices():
                mwh = self.meter(s, u) * 24 * self.days(y) * self.part(x)
                idle = unit["idle_share"]
                yield self.online(s, u, y), self.standing(s, u, y), u, x, mwh * idle
                for k, workload in self.raw["workloads"].items():
                    if ("run", s, u, k, y, x) in self.upper:
                        mean = mwh * (1 - idle) / workload["peak_factor"]
                        yield {("run", s, u, k, y, x): 1.0}, 0.0, u, x, mean

    def intensity(self, s: str, x: str, y: int) -> float:
        """Tonnes per MWh."""
        site = self.raw["sites"][s]
        region = self.raw["grid_regions"].get(site.get("grid_region"), {})
        place = self.raw["jurisdictions"][site["jurisdiction"]]
        given = [p["carbon_kg_per_mwh"] for p in (site, region, place) if "carbon_kg_per_mwh" in p]
        factor = site.get("carbon_factor", {}).get(x, 1.0)
        return self.at(given[0], y) / 1000 * factor if given else 0.0

    def _caps(self, y: int) -> None:
        super()._caps(y)
        carbon, paid = self.raw["carbon"], self.middle(y)
        for s, site in self.raw["sites"].items():
            place = self.raw["jurisdictions"][site["jurisdiction"]]
            price = self.at(place.get("carbon_price_usd_per_t", carbon["price_usd_per_t"]), y)
            for terms, there, _, x, mwh in self.drawn(s, y):
                cost = paid * price * mwh * self.intensity(s, x, y) / 1e6
                self.pay(terms, cost)
                self.offset += there * cost
        for c, cap in carbon["caps"].items():
            parts, fixed = [], 0.0
            for s in self.under(c):
                for terms, there, _, x, mwh in self.drawn(s, y):
                    tonnes = mwh * self.intensity(s, x, y)
                    parts.append((terms, tonnes / 1000))
                    fixed += there * tonnes / 1000
            allowed = self.at(cap["tco2_per_year"], y) * self.days(y) / 365.25
            self.limit(allowed / 1000 - fixed, *parts)

        for s, site in self.raw["sites"].items():
            self.water(s, site, y)
        for f, row in self.raw["efficiency_floors"].items():
            self.floor(f, self.at(row["mtok_per_mwh"], y), y)

    def water(self, s: str, site: dict[str, Any], y: int) -> None:
        """Litres are counted by the kWh of IT, thousand m3 limited."""
        price = self.middle(y) * self.at(site["water_price_usd_per_m3"], y)
        parts, fixed = [], 0.0
        for terms, there, u, _, mwh in self.drawn(s, y):
            cooling = self.raw["unit_types"][u]["cooling"]
            litres = site["water_l_per_kwh"][cooling] * mwh * 1000 / site["pue"][cooling]
            self.pay(terms, price * litres / 1e9)
            self.offset += there * price * litres / 1e9
            parts.append((terms, litres / 1e6))
            fixed += there * litres / 1e6
        if "water_limit_m3_per_year" in site:
            most = self.at(site["water_limit_m3_per_year"], y) * self.days(y) / 365.25
            self.limit(most / 1000 - fixed, *parts)

    def floor(self, f: str, least: float, y: int) -> None:
        """Energy at the floor, less tokens, is at most nothing [Ttok]."""
        parts, fixed = [], 0.0
        for s in self.under(f):
            for terms, there, _, _, mwh in self.drawn(s, y):
                parts.append((terms, least * mwh / 1e6))
                fixed += there * least * mwh / 1e6
            for name in self.upper:
                if name[0] == "flow" and name[4:6] == (s, y):
                    seconds = self.days(y) * 86_400 * self.part(name[6])
                    parts.append(({name: 1.0}, -seconds / 1e6))
        if least:
            self.limit(-fixed, *parts)

    def under(self, c: str) -> list[str]:
        """The sites under a limit: all, or those of Europe."""
        return [
            s
            for s, site in self.raw["sites"].items()
            if c == "all" or site["jurisdiction"] in ("NO", "SE")
        ]


def goals_in_order(raw: dict[str, Any], names: Sequence[str]) -> list[float]:
    """The least of each goal, while those before it are held: shortfall, energy, carbon, cost."""
    writer = _GoalWriter(raw)
    form, found = writer.write(), []
    for name in names:
        cost, offset = (form.cost, form.offset) if name == "cost" else writer.goal(name)
        least = form._replace(cost=cost, offset=offset).optimum()
        found.append(least)
        limit = least - offset + 1e-6 * max(1.0, abs(least))
        rows, limits = np.vstack([form.rows, cost]), np.append(form.limits, limit)
        form = form._replace(rows=rows, limits=limits)
    return found


class _GoalWriter(_EnvironmentWriter):
    def goal(self, name: str) -> tuple[np.ndarray, float]:
        """Factors of the variables and a constant: Ttok, GWh or ktCO2."""
        whole = ("open", "hall", "order")
        names = sorted(self.upper, key=lambda name: name[0] not in whole)
        column = {variable: n for n, variable in enumerate(names)}
        cost, fixed = np.zeros(len(names)), 0.0
        for y in self.years:
            if name == "shortfall":
                fixed += self._short(y, cost, column)
            else:
                fixed += self._taken(y, cost, column, carbon=name == "carbon")
        return cost, fixed

    def _short(self, y: int, cost: np.ndarray, column: dict[Any, int]) -> float:
        """What is asked for is the constant; what is made is taken off."""
        asked = 0.0
        for x in self.slices():
            seconds = self.days(y) * 86_400 * self.part(x) / 1e6
            for stream, mtok_s in self.demand(y, x).items():
                asked += self._weight(stream[1]) * seconds * mtok_s
            for variable, n in column.items():
                if variable[0] == "flow" and variable[5:] == (y, x):
                    cost[n] -= self._weight(variable[2]) * seconds
        return asked

    def _weight(self, k: str) -> float:
        return float(self.raw["workloads"][k].get("shortfall_weight", 1.0))

    def _taken(self, y: int, cost: np.ndarray, column: dict[Any, int], *, carbon: bool) -> float:
        fixed = 0.0
        for s, site in self.raw["sites"].items():
            for terms, there, _, x, mwh in self.drawn(s, y):
                each = mwh * (self.intensity(s, x, y) if carbon else 1.0) / 1000
                fixed += there * each
                for variable, amount in terms.items():
                    cost[column[variable]] += amount * each
            if carbon and ("hall", s, y) in column:
                per_hall = site["hall_embodied_tco2_per_mw"] * site["hall_block_mw"]
                cost[column["hall", s, y]] += per_hall / 1000
            for u, unit in self.raw["unit_types"].items():
                if carbon and ("order", s, u, y) in column:
                    cost[column["order", s, u, y]] += unit["embodied_tco2"] / 1000
        return fixed
