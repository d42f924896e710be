"""A second formulation, written without the first: whole years, sums instead of balances.

It reads the plain data of `strategies.yearly` and knows nothing of models/. A site is open if it
was opened before, and units online and halls in use are sums of orders. So it has no variable for
them, and no row of it is a row of the model.
"""

from collections.abc import Iterator
from datetime import date
from math import inf
from typing import Any

import numpy as np

from tests.properties.facts import Facts, Terms
from tests.properties.formulation import Formulation


def formulate(raw: dict[str, Any]) -> Formulation:
    """Write the instance down."""
    return Writer(raw).write()


class Writer(Facts):
    """Writes the rows and costs of an instance."""

    def __init__(self, raw: dict[str, Any]) -> None:
        super().__init__(raw)
        self.cost: Terms = {}
        self.offset = 0.0
        self.rows: list[tuple[Terms, float]] = []
        self.upper: dict[tuple[Any, ...], float] = {}

    def pay(self, terms: Terms, price: float) -> None:
        for variable, amount in terms.items():
            self.cost[variable] = self.cost.get(variable, 0.0) + amount * price

    def limit(self, limit: float, *parts: tuple[Terms, float]) -> None:
        """Σ factor · terms ≤ limit."""
        row: Terms = {}
        for terms, factor in parts:
            for variable, amount in terms.items():
                row[variable] = row.get(variable, 0.0) + amount * factor
        self.rows.append((row, limit))

    def write(self) -> Formulation:
        for s in self.raw["sites"]:
            self._site(s)
        self._quotas()
        self._pools()
        for y in self.years:
            self._grid_regions(y)
            asked = {x: self.demand(y, x) for x in self.slices()}
            waiting = self._waiting(y, asked)
            for x in self.slices():
                self._operate(y, x, asked[x], waiting)
            self._caps(y)
        names = sorted(self.upper, key=lambda name: name[0] not in ("open", "hall", "order"))
        whole = sum(name[0] in ("open", "hall", "order") for name in names)
        column = {name: n for n, name in enumerate(names)}
        rows = np.zeros((len(self.rows), len(names)))
        for n, (terms, _) in enumerate(self.rows):
            for name, amount in terms.items():
                rows[n, column[name]] += amount
        return Formulation(
            cost=np.array([self.cost.get(name, 0.0) for name in names]),
            offset=self.offset,
            rows=rows,
            limits=np.array([limit for _, limit in self.rows]),
            upper=np.array([self.upper[name] for name in names], dtype=float),
            whole=whole,
        )

    def _site(self, s: str) -> None:
        site, block = self.raw["sites"][s], self.raw["sites"][s]["hall_block_mw"]
        most_mw = max(self.at(site["grid_mw"], y) for y in self.years)
        need = max(most_mw / min(site["pue"].values()), site["min_build_mw"])
        most_halls = int(-(-(need - 1e-9) // block))
        hall_price = site["hall_capex_musd_per_mw"] * block
        openings = {} if site["opened"] else {("open", s, y): 1.0 for y in self.years}
        halls: dict[int, Terms] = {y: {} for y in self.years}
        built: Terms = {}
        for y in self.years:
            if openings:
                self.upper["open", s, y] = 1
                self.pay({("open", s, y): 1}, self.worth(date(y, 1, 1)) * site["open_cost_musd"])
            first, life = self.hall_first(s, y), site["hall_life_years"]
            if first < self.end:
                hall = ("hall", s, y)
                self.upper[hall] = most_halls
                left = self.worth(date(self.end, 1, 1)) * self.left(first, life)
                self.pay({hall: 1}, hall_price * (self.worth(date(y, 1, 1)) - left))
                built[hall] = block
                opened, given = self.is_open(s, y)
                self.limit(most_halls * given, ({hall: 1.0}, 1), (opened, -most_halls))
                for z in range(first, min(first + life, self.end)):
                    halls[z][hall] = block
        if openings:
            self.limit(1, (openings, 1))
            self.limit(0, (openings, site["min_build_mw"]), (built, -1))
        for s_, u, y, first in self.orders():
            if s_ == s:
                self._order(s, u, y, first)
        for y in self.years:
            self._year(s, y, halls[y])

    def _order(self, s: str, u: str, y: int, first: int) -> None:
        site, unit = self.raw["sites"][s], self.raw["unit_types"][u]
        order = {("order", s, u, y): 1.0}
        most = int(self.at(site["grid_mw"], first) / self.meter(s, u) + 1e-9)
        self.upper["order", s, u, y] = most
        opened, given = self.is_open(s, y)
        self.limit(most * given, (order, 1), (opened, -most))
        left = self.worth(date(self.end, 1, 1)) * self.left(first, unit["life_years"])
        price = unit["capex_musd"] * site["unit_capex_factor"]
        self.pay(order, price * (self.worth(date(y, 1, 1)) - left))

    def _year(self, s: str, y: int, halls: Terms) -> None:
        """Power, halls, installation, upkeep and idle energy at a site in a year."""
        site, paid = self.raw["sites"][s], self.middle(y)
        long = self.days(y) / 365.25
        opened, given = self.is_open(s, y)
        self.pay(opened, paid * long * site["fixed_opex_musd_per_year"])
        self.offset += given * paid * long * site["fixed_opex_musd_per_year"]
        draw, it, entering = [], [], []
        drawn = placed = 0.0
        for u, unit in self.raw["unit_types"].items():
            if unit["cooling"] not in site["pue"]:
                continue
            units, there = self.online(s, u, y), self.standing(s, u, y)
            draw.append((units, self.meter(s, u)))
            it.append((units, unit["it_mw"]))
            drawn += there * self.meter(s, u)
            placed += there * unit["it_mw"]
            new = {("order", *o[:3]): 1.0 for o in self.orders() if (*o[:2], o[3]) == (s, u, y)}
            entering.append((new, unit["it_mw"]))
            price = sum(self.part(x) * self.energy_price(site, x, y) for x in self.slices())
            idle = unit["idle_share"] * self.meter(s, u) * 24 * self.days(y) * price
            upkeep = paid * (long * unit["opex_musd_per_year"] + idle)
            self.pay(units, upkeep)
            self.offset += there * upkeep
        grid = self.at(site["grid_mw"], y)
        self.limit(grid * given - drawn, *draw, (opened, -grid))
        self.limit(site["initial_hall_mw"] - placed, *it, (halls, -1))
        if "install_rate_mw_per_month" in site:
            self.limit(site["install_rate_mw_per_month"] * 12, *entering)

    def _quotas(self) -> None:
        for quota in self.raw["quotas"].values():
            so_far: list[tuple[Terms, float]] = []
            allowed = 0.0
            for y in self.years:
                if not quota["carry_over"]:
                    so_far, allowed = [], 0.0
                allowed += self.at(quota["per_year"], y)
                for s, u, z, _ in self.orders():
                    operator = self.raw["sites"][s]["operator"]
                    mine = u in quota["unit_types"] and operator in (
                        quota["operators"] or [operator]
                    )
                    if z == y and mine:
                        chips = self.raw["unit_types"][u]["accelerators"]
                        weight = chips if quota["counts"] == "accelerators" else 1
                        so_far.append(({("order", s, u, z): 1.0}, weight))
                self.limit(allowed, *so_far)

    def _pools(self) -> None:
        for p, pool in self.raw["budget"]["pools"].items():
            so_far: list[tuple[Terms, float]] = []
            granted = 0.0
            for y in self.years:
                if not pool["carry_over"]:
                    so_far, granted = [], 0.0
                granted += pool["grants"].get(f"{y}-01-01", 0.0)
                for s, site in self.raw["sites"].items():
                    if self.pool(s) == p:
                        so_far += self._paid_at(s, site, y)
                self.limit(granted, *so_far)

    def _paid_at(self, s: str, site: dict[str, Any], y: int) -> Iterator[tuple[Terms, float]]:
        if not site["opened"]:
            yield {("open", s, y): 1.0}, site["open_cost_musd"]
        if ("hall", s, y) in self.upper:
            yield {("hall", s, y): 1.0}, site["hall_capex_musd_per_mw"] * site["hall_block_mw"]
        for u, unit in self.raw["unit_types"].items():
            if ("order", s, u, y) in self.upper:
                price = unit["capex_musd"] * site["unit_capex_factor"]
                yield {("order", s, u, y): 1.0}, price

    def _grid_regions(self, y: int) -> None:
        for g, region in self.raw["grid_regions"].items():
            parts, drawn = [], 0.0
            for s, site in self.raw["sites"].items():
                if site.get("grid_region") != g:
                    continue
                for u, unit in self.raw["unit_types"].items():
                    if unit["cooling"] in site["pue"]:
                        parts.append((self.online(s, u, y), self.meter(s, u)))
                        drawn += self.standing(s, u, y) * self.meter(s, u)
            self.limit(self.at(region["cap_mw"], y) - drawn, *parts)

    def _caps(self, y: int) -> None:
        """Limits on what running costs in a year; others add theirs."""

    def _waiting(self, y: int, asked: dict[str, Any]) -> dict[tuple[Any, ...], Terms]:
        """Mtok/s·day of work that is carried from one slice to another, by stream and slice.

        What comes in counts as more to be made, what goes out as less.
        """
        moved: dict[tuple[Any, ...], Terms] = {}
        for stream in next(iter(asked.values())):
            share = self.raw["workloads"][stream[1]].get("deferrable_share", 0.0)
            for a in self.slices() if share else ():
                leaving: Terms = {}
                for b in self.slices():
                    if a != b:
                        carried = ("carried", *stream, a, b, y)
                        self.upper[carried] = inf
                        leaving[carried] = 1.0
                        moved.setdefault((*stream, a), {})[carried] = -1 / self.part(a)
                        moved.setdefault((*stream, b), {})[carried] = 1 / self.part(b)
                self.limit(share * asked[a][stream] * self.part(a), (leaving, 1))
        return moved

    def _operate(
        self, y: int, x: str, asked: dict[Any, float], waiting: dict[tuple[Any, ...], Terms]
    ) -> None:
        """Demand and work of a slice of a year, all rows as ≤: what is not made falls short."""
        able = {(r["unit_type"], r["workload"]): r["mtok_s"] for r in self.raw["throughput"]}
        made: dict[tuple[str, str], list[tuple[Terms, float]]] = {}
        for stream, mtok_s in asked.items():
            self._stream(stream, mtok_s, (y, x), made, waiting.get((*stream, x), {}))
        gains = (date(y, 1, 1) - date(2027, 1, 1)).days / 365.25
        for s, site in self.raw["sites"].items():
            for u, unit in self.raw["unit_types"].items():
                if unit["cooling"] not in site["pue"]:
                    continue
                at_work: Terms = {}
                for k, workload in self.raw["workloads"].items():
                    if (u, k) not in able:
                        continue
                    run = ("run", s, u, k, y, x)
                    self.upper[run] = inf
                    at_work[run] = 1.0
                    operator = self.raw["operators"][site["operator"]]
                    gain = (1 + unit["software_gain_per_year"]) ** gains
                    tokens = able[u, k] * operator["performance"] * gain
                    tokens /= workload["compute_multiplier"]
                    made.setdefault((s, k), []).append(({run: 1.0}, -tokens))
                    price = self.energy_price(site, x, y) * self.part(x)
                    mwh = self.meter(s, u) * 24 * self.days(y) * (1 - unit["idle_share"])
                    self.pay({run: 1.0}, self.middle(y) * mwh / workload["peak_factor"] * price)
                share = unit["availability"]
                self.limit(
                    share * self.standing(s, u, y), (at_work, 1), (self.online(s, u, y), -share)
                )
        for parts in made.values():
            self.limit(0, *parts)

    def _stream(
        self,
        stream: tuple[str, str, str],
        mtok_s: float,
        when: tuple[int, str],
        made: dict[tuple[str, str], list[tuple[Terms, float]]],
        moved: Terms,
    ) -> None:
        """What is not made falls short: its price is paid for all and saved for what is made."""
        r, k, data_class = stream
        y, x = when
        region, workload = self.raw["regions"][r], self.raw["workloads"][k]
        mtok = self.middle(y) * self.days(y) * 86_400 / 1e6 * self.part(x)
        short = workload["shortfall_price_usd_per_mtok"]
        self.offset += mtok * short * mtok_s
        prices = {
            frozenset((row["zone_a"], row["zone_b"])): row["usd_per_mtok"]
            for row in self.raw["network_prices"]
        }
        flows: Terms = {}
        for s, site in self.raw["sites"].items():
            if data_class == "health" and site["jurisdiction"] != region["jurisdiction"]:
                continue
            flow = ("flow", *stream, s, y, x)
            self.upper[flow] = inf
            flows[flow] = 1.0
            network = prices[frozenset((region["network_zone"], site["network_zone"]))]
            self.pay({flow: 1.0}, mtok * (network - short))
            made.setdefault((s, k), []).append(({flow: 1.0}, workload["peak_factor"]))
        self.limit(mtok_s, (flows, 1), (moved, -1))
