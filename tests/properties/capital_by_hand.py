"""Payment profiles, borrowing and caps on running costs: random ones, and a second formulation.

Debt has no variable of its own year by year in the balance: what a pool has paid up to a year is at
most what it was granted up to then and owes. Profiles are laid over the years by whole months.
"""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from random import Random
from typing import Any

from tests.properties.by_hand import Writer
from tests.properties.facts import Terms
from tests.properties.formulation import Formulation

PROFILES = [
    {0: 1.0},
    {0: 0.3, 6: 0.2, 12: 0.5},
    {0: 0.25, 18: 0.75},
    {3: 1.0},
    {0: 0.5, 40: 0.5},
]


def with_capital(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """An instance with random profiles, credits and caps."""
    dice, out = Random(seed), deepcopy(raw)
    for unit in out["unit_types"].values():
        unit["payments"] = dice.choice(PROFILES)
    for site in out["sites"].values():
        site["hall_payments"] = dice.choice(PROFILES)
        site["open_payments"] = dice.choice(PROFILES)
    grants = {"2027-01-01": dice.choice([4, 12, 31]), "2028-01-01": dice.choice([8, 40])}
    pools = out["budget"]["pools"] or {"world": {"grants": grants, "carry_over": True}}
    out["budget"]["pools"] = pools
    for pool in pools.values():
        if dice.random() < 0.7:
            pool["borrowing"] = dice.choice([9, 25, {"2027-01-01": 25, "2028-01-01": 6}])
            pool["interest_per_year"] = dice.choice([0.0, 0.05, 0.3])
            pool["debt_at_end"] = dice.choice(["repaid", "owed"])
    caps = out["budget"].setdefault("opex_caps", {})
    if dice.random() < 0.6:
        caps["all"] = {"musd_per_year": dice.choice([0.8, 2, 5])}
    if dice.random() < 0.4:
        terms = dice.choice([["energy"], ["network", "site_opex"], ["unit_opex", "energy"]])
        steps = {"2027-01-01": dice.choice([0.4, 1]), "2028-01-01": dice.choice([0.2, 2])}
        caps["north"] = {"continents": ["europe"], "terms": terms, "musd_per_year": steps}
    return out


def formulate_capital(raw: dict[str, Any]) -> Formulation:
    """Write an instance with profiles, credits and caps down."""
    return _CapitalWriter(raw).write()


class _CapitalWriter(Writer):
    running = ("site_opex", "unit_opex", "energy", "network")

    def dues(self, profile: dict[int, float], y: int) -> list[tuple[int, float, float]]:
        """Year of payment, share, and share times worth, of what is ordered in a year."""
        out = []
        for months, share in profile.items():
            day = date(y + months // 12, 1 + months % 12, 1)
            out.append((min(day.year, self.years[-1]), share, share * self.worth(day)))
        return out

    def bought(self, s: str) -> list[tuple[tuple[Any, ...], int, float, dict[int, float]]]:
        """Variable, year of order, price and profile of all that a site can buy."""
        site, out = self.raw["sites"][s], []
        for name in self.upper:
            if name[:2] == ("open", s):
                out.append((name, name[2], site["open_cost_musd"], site["open_payments"]))
            if name[:2] == ("hall", s):
                price = site["hall_capex_musd_per_mw"] * site["hall_block_mw"]
                out.append((name, name[2], price, site["hall_payments"]))
            if name[:2] == ("order", s):
                unit = self.raw["unit_types"][name[2]]
                price = unit["capex_musd"] * site["unit_capex_factor"]
                out.append((name, name[3], price, unit["payments"]))
        return out

    def _site(self, s: str) -> None:
        super()._site(s)
        for name, y, price, profile in self.bought(s):
            worth = sum(due[2] for due in self.dues(profile, y))
            self.pay({name: 1.0}, price * (worth - self.worth(date(y, 1, 1))))

    def _pools(self) -> None:
        for p, pool in self.raw["budget"]["pools"].items():
            mine = [s for s in self.raw["sites"] if self.pool(s) == p]
            if mine:
                self._pool_over_time(p, pool, mine)

    def _pool_over_time(self, p: str, pool: dict[str, Any], mine: list[str]) -> None:
        last, rate = self.years[-1], pool.get("interest_per_year", 0.0)
        for y in self.years:
            most = self.at(pool.get("borrowing", 0.0), y)
            repaid = pool.get("debt_at_end", "repaid") == "repaid" and y == last
            self.upper["debt", p, y] = 0.0 if repaid else most
            cost = rate * self.days(y) / 365.25
            self.pay({("debt", p, y): 1.0}, cost * self.worth(date(y + 1, 1, 1)))
        paid: dict[int, Terms] = {y: {} for y in self.years}
        for s in mine:
            for name, y, price, profile in self.bought(s):
                for year, share, _ in self.dues(profile, y):
                    paid[year][name] = paid[year].get(name, 0.0) + share * price
        for y in self.years:
            due = ("debt", p, y)
            paid[min(y + 1, last)][due] = rate * self.days(y) / 365.25
        for y in self.years:
            first = self.years[0] if pool["carry_over"] else y
            since = [z for z in self.years if first <= z <= y]
            granted = sum(pool["grants"].get(f"{z}-01-01", 0.0) for z in since)
            before = (
                {}
                if pool["carry_over"] or y == first == self.years[0]
                else {("debt", p, y - 1): 1.0}
            )
            parts = [(paid[z], 1.0) for z in since]
            self.limit(granted, *parts, (before, 1.0), ({("debt", p, y): 1.0}, -1.0))

    def _caps(self, y: int) -> None:
        for c, cap in self.raw["budget"]["opex_caps"].items():
            terms = cap.get("terms", self.running)
            parts, fixed = [], 0.0
            for s, site in self.raw["sites"].items():
                if c == "all" or site["jurisdiction"] in ("NO", "SE"):
                    more, given = self._running(s, y, terms)
                    parts += more
                    fixed += given
            allowed = self.at(cap["musd_per_year"], y) * self.days(y) / 365.25
            self.limit(allowed - fixed, *parts)

    def _running(
        self, s: str, y: int, terms: Sequence[str]
    ) -> tuple[list[tuple[Terms, float]], float]:
        """What running a site costs in a year: by variable, and what it costs in any case."""
        site, long = self.raw["sites"][s], self.days(y) / 365.25
        parts: list[tuple[Terms, float]] = []
        fixed = 0.0
        price_of = {x: self.part(x) * self.energy_price(site, x, y) for x in self.slices()}
        if "site_opex" in terms:
            opened, given = self.is_open(s, y)
            parts.append((opened, long * site["fixed_opex_musd_per_year"]))
            fixed += given * long * site["fixed_opex_musd_per_year"]
        for u, unit in self.raw["unit_types"].items():
            if unit["cooling"] not in site["pue"]:
                continue
            mwh = self.meter(s, u) * 24 * self.days(y)
            each = long * unit["opex_musd_per_year"] if "unit_opex" in terms else 0.0
            idle = mwh * unit["idle_share"] * sum(price_of.values())
            each += idle if "energy" in terms else 0.0
            parts.append((self.online(s, u, y), each))
            fixed += each * self.standing(s, u, y)
            for k, workload in self.raw["workloads"].items():
                for x in self.slices():
                    if "energy" in terms and ("run", s, u, k, y, x) in self.upper:
                        mean = mwh * (1 - unit["idle_share"]) / workload["peak_factor"]
                        parts.append(({("run", s, u, k, y, x): 1.0}, mean * price_of[x]))
        for name in self.upper:
            if "network" in terms and name[0] == "flow" and name[4:6] == (s, y):
                zones = {self.raw["regions"][name[1]]["network_zone"], site["network_zone"]}
                price = next(
                    row["usd_per_mtok"]
                    for row in self.raw["network_prices"]
                    if {row["zone_a"], row["zone_b"]} == zones
                )
                seconds = self.days(y) * 86_400 * self.part(name[6])
                parts.append(({name: 1.0}, price * seconds / 1e6))
        return parts, fixed
