"""Mines, shells and offers for random instances, and their second formulation in whole years."""

from datetime import date
from math import inf
from random import Random
from typing import Any

from tests.properties.by_hand import Writer
from tests.properties.facts import Terms
from tests.properties.formulation import Formulation


def with_brownfield(raw: dict[str, Any], *, yearly: bool) -> dict[str, Any]:
    """The instance with a mine or a shell at some of its sites; the same for the same name."""
    dice = Random(raw["name"])
    months = [0, 0, 12] if yearly else [0, 3, 7, 12]
    mines, shells = [], []
    for s in raw["sites"]:
        if dice.random() < 0.7:
            mine = {
                "site": s,
                "mining_mw": dice.choice([1.5, 4, {"2020-01-01": 1, "2028-01-01": 2.5}]),
                "shares_connection": dice.random() < 0.5,
                "capex_musd_per_mw": dice.choice([0, 0.7, 2]),
                "months": dice.choice(months),
                "margin_musd_per_mw_year": dice.choice([0, 0.2, {"2028-01-01": 0.6}]),
                "shell_share": dice.choice([0, 0.6, 1]),
                "life_years": dice.choice([1, 2, 20]),
            }
            if not yearly and dice.random() < 0.4:
                mine["block_mw"] = dice.choice([0.5, 0.9])
            mines.append(mine)
        if dice.random() < 0.7:
            shell = {
                "site": s,
                "most_mw": dice.choice([1, 3, {"2020-01-01": 2, "2028-01-01": 1.2}]),
                "price_musd_per_mw_year": dice.choice([0.1, 0.9, {"2020-01-01": 0.5, "2028": 0.2}]),
                "lead_months": dice.choice(months),
                "term_months": dice.choice([12, 24] if yearly else [1, 9, 12, 30]),
            }
            if not yearly and dice.random() < 0.4:
                shell["block_mw"] = dice.choice([0.5, 0.9])
            shells.append(shell)
    for mine in mines:
        if mine["shares_connection"] and not _carried(raw, mine):
            mine["shares_connection"] = False
    return raw | {"mines": mines, "shells": shells, "rentals": _rentals(raw, dice, yearly=yearly)}


def _rentals(raw: dict[str, Any], dice: Random, *, yearly: bool) -> dict[str, Any]:
    """Up to two offers; in whole years without least takes."""
    rentals = {}
    for number in range(dice.randint(0, 2)):
        place = dice.choice(list(raw["sites"].values()))
        offer = {name: place[name] for name in ("jurisdiction", "lat", "lon")} | {
            "operator": dice.choice("ab"),
            "workloads": dice.choice([[], ["k0"]]),
            "price_usd_per_mtok": dice.choice([0.05, 0.4, {"2020-01-01": 0.5, "2028-01-01": 0.1}]),
            "most_mtok_s": dice.choice([0.8, 3, {"2028-01-01": 2}]),
        }
        if not yearly:
            offer["least_mtok_s"] = dice.choice([0, 0.4, 0.8])
            offer["rtt_ms"] = dice.choice([{}, {"r0": 90}])
        rentals[f"x{number}"] = offer
    return rentals


def _carried(raw: dict[str, Any], mine: dict[str, Any]) -> bool:
    """True if connection and grid region carry the mine and initial units, whatever the date."""
    site = raw["sites"][mine["site"]]
    if isinstance(site["grid_mw"], dict) or site.get("grid_region"):
        return False
    most = mine["mining_mw"]
    units = sum(row["units"] for row in raw["initial_units"] if row["site"] == mine["site"])
    return site["grid_mw"] >= 2.5 * units + (max(most.values()) if isinstance(most, dict) else most)


def formulate(raw: dict[str, Any]) -> Formulation:
    """Write down an instance in whole years, with mines and shells in any amount."""
    return _BrownfieldWriter(raw).write()


class _BrownfieldWriter(Writer):
    """A lease is a choice of its first and last year, not a balance of growth and ends."""

    def mine(self, s: str) -> dict[str, Any] | None:
        return next((mine for mine in self.raw["mines"] if mine["site"] == s), None)

    def shell(self, s: str) -> dict[str, Any] | None:
        return next((shell for shell in self.raw["shells"] if shell["site"] == s), None)

    def converted(self, s: str, y: int) -> Terms:
        return {
            ("convert", s, z): 1.0 for z in self.years if z <= y and ("convert", s, z) in self.upper
        }

    def leases(self, s: str, y: int) -> Terms:
        return {
            name: 1.0 for name in self.upper if name[:2] == ("lease", s) and name[2] <= y < name[3]
        }

    def _site(self, s: str) -> None:
        if mine := self.mine(s):
            self._mine(s, mine)
        if shell := self.shell(s):
            self._shell(s, shell)
        super()._site(s)

    def _mine(self, s: str, mine: dict[str, Any]) -> None:
        for y in self.years:
            first, exists = y + mine["months"] // 12, self.at(mine["mining_mw"], y)
            if first < self.end and exists:
                self.upper["convert", s, y] = exists
                left = self.worth(date(self.end, 1, 1)) * self.left(first, mine["life_years"])
                price = mine["capex_musd_per_mw"] * (self.worth(date(y, 1, 1)) - left)
                self.pay({("convert", s, y): 1.0}, price)
        for y in self.years:
            done, exists = self.converted(s, y), self.at(mine["mining_mw"], y)
            opened, given = self.is_open(s, y)
            self.limit(exists * given, (done, 1), (opened, -exists))
            lost = self.at(mine["margin_musd_per_mw_year"], y) * self.days(y) / 365.25
            self.pay(done, self.middle(y) * lost)

    def _shell(self, s: str, shell: dict[str, Any]) -> None:
        for y in self.years:
            if y < 2027 + shell["lead_months"] // 12:
                continue
            for over in range(y + 1, self.end + 1):
                if over - y >= shell["term_months"] // 12 or over == self.end:
                    self.upper["lease", s, y, over] = 100
        for y in self.years:
            leased, most = self.leases(s, y), self.at(shell["most_mw"], y)
            opened, given = self.is_open(s, y)
            self.limit(most * given, (leased, 1), (opened, -most))
            rent = self.at(shell["price_musd_per_mw_year"], y) * self.days(y) / 365.25
            self.pay(leased, self.middle(y) * rent)

    def _year(self, s: str, y: int, halls: Terms) -> None:
        more = dict(halls) | self.leases(s, y)
        if mine := self.mine(s):
            site = self.raw["sites"][s]
            for _, _, z in list(self.converted(s, y)):
                first = z + mine["months"] // 12
                if first <= y < first + mine["life_years"]:
                    more["convert", s, z] = mine["shell_share"] / min(site["pue"].values())
            if mine["shares_connection"]:
                self._shared(s, y, self.at(site["grid_mw"], y) - self.at(mine["mining_mw"], y))
        super()._year(s, y, more)

    def _shared(self, s: str, y: int, beside: float) -> None:
        """Units fit what mining leaves of the connection."""
        opened, given = self.is_open(s, y)
        drawn, parts = 0.0, []
        for u, unit in self.raw["unit_types"].items():
            if unit["cooling"] in self.raw["sites"][s]["pue"]:
                drawn += self.standing(s, u, y) * self.meter(s, u)
                parts.append((self.online(s, u, y), self.meter(s, u)))
        self.limit(beside * given - drawn, *parts, (opened, -beside), (self.converted(s, y), -1))

    def write(self) -> Formulation:
        """Offers first: what streams buy of them is added while streams are written."""
        self.from_offers: dict[tuple[str, int, str], list[tuple[Terms, float]]] = {}
        return super().write()

    def _operate(self, y: int, x: str, asked: Any, waiting: Any) -> None:
        super()._operate(y, x, asked, waiting)
        for offer, row in self.raw["rentals"].items():
            self.limit(self.at(row["most_mtok_s"], y), *self.from_offers.get((offer, y, x), ()))

    def _stream(self, stream: Any, mtok_s: float, when: Any, made: Any, moved: Terms) -> None:
        """Buying saves the price of a shortfall, as making does, in the stream's own limit."""
        super()._stream(stream, mtok_s, when, made, moved)
        k = stream[1]
        y, part_of_day = when
        served, asked = self.rows.pop()
        mtok = self.middle(y) * self.days(y) * 86_400 / 1e6 * self.part(part_of_day)
        workload = self.raw["workloads"][k]
        for x in self.offers(stream):
            rent = ("rent", *stream, x, y, part_of_day)
            self.upper[rent] = inf
            served[rent] = 1.0
            price = self.at(self.raw["rentals"][x]["price_usd_per_mtok"], y)
            self.pay({rent: 1.0}, mtok * (price - workload["shortfall_price_usd_per_mtok"]))
            self.from_offers.setdefault((x, y, part_of_day), []).append(
                ({rent: 1.0}, workload["peak_factor"])
            )
        self.rows.append((served, asked))

    def _paid_at(self, s: str, site: dict[str, Any], y: int) -> Any:
        yield from super()._paid_at(s, site, y)
        if ("convert", s, y) in self.upper:
            yield {("convert", s, y): 1.0}, (self.mine(s) or {})["capex_musd_per_mw"]
