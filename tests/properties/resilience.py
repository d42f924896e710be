"""Contingencies, protection and targets on random instances, and a second formulation of them.

The second formulation has a flow for each stream and each contingency, merges nothing, and chooses
one number of units in service from all that there may be.
"""

from copy import deepcopy
from math import comb
from random import Random
from typing import Any

import numpy as np

from tests.properties.by_hand import Writer
from tests.properties.facts import Terms
from tests.properties.formulation import Formulation

SHARES = [0.1, 0.3, 0.6, 1]


def with_contingencies(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """An instance with random contingencies and protection, most of it at a price."""
    dice, out = Random(seed), deepcopy(raw)
    sites, units = list(raw["sites"]), list(raw["unit_types"])
    every = {
        "any": {"each": dice.choice(["site", "operator", "jurisdiction"])},
        "some": {"sites": dice.sample(sites, dice.randint(1, len(sites)))},
        "late": {"unit_types": dict.fromkeys(dice.sample(units, 1), 12)},
        "both": {"operators": ["a"], "unit_types": dict.fromkeys(units, 24)},
    }
    chosen = dice.sample(sorted(every), dice.randint(1, 3))
    out["contingencies"] = {name: every[name] for name in chosen}
    for one in out["contingencies"].values():
        if dice.random() < 0.3:
            one["holds_from"] = dice.choice(["2027-06-01", "2028-01-01"])
        if dice.random() < 0.3:
            one["share"] = dice.choice(SHARES)
        one["weight"] = dice.choice([1, 0.1, 0.02])
    rows = [_protection(dice) for _ in range(dice.randint(1, 2))]
    different = {(row.get("workload"), row.get("jurisdiction")): row for row in rows}
    out["protection"] = list(different.values())
    return out


def _protection(dice: Random) -> dict[str, Any]:
    row: dict[str, Any] = {"share": dice.choice(SHARES)}
    if dice.random() < 0.5:
        row["workload"] = "k0"
    if dice.random() < 0.3:
        row["jurisdiction"] = dice.choice(["NO", "EEA"])
    if dice.random() < 0.8:
        row["price_usd_per_mtok"] = dice.choice([0.02, 0.2, 2])
    return row


def with_price(raw: dict[str, Any]) -> dict[str, Any]:
    """The instance with a price on all protection, so that there is a plan."""
    rows = [{"price_usd_per_mtok": 0.5} | row for row in raw["protection"]]
    return raw | {"protection": rows}


def with_targets(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """An instance with random availability targets, and units that fail."""
    dice, out = Random(seed), deepcopy(raw)
    for unit in out["unit_types"].values():
        unit["availability"] = dice.choice([0.8, 0.9, 0.97])
    for number, workload in enumerate(out["workloads"].values()):
        if number == 0 or dice.random() < 0.5:
            workload["availability_target"] = dice.choice([0.6, 0.9, 0.95, 0.999])
    return out


def formulate_resilience(raw: dict[str, Any]) -> Formulation:
    """Write an instance with contingencies and targets down."""
    return _ResilientWriter(raw).write()


class _ResilientWriter(Writer):
    def write(self) -> Formulation:
        """The numbers of units in service are chosen as whole numbers too."""
        self.kept: dict[tuple[Any, ...], list[tuple[Terms, float]]] = {}
        found = super().write()
        names = sorted(self.upper, key=lambda name: name[0] not in ("open", "hall", "order"))
        counts = [name[0] == "count" for name in names]
        first = np.arange(len(names)) < found.whole
        order = np.argsort(~(first | np.array(counts, dtype=bool)), kind="stable")
        return found._replace(
            cost=found.cost[order],
            rows=found.rows[:, order],
            upper=found.upper[order],
            whole=found.whole + sum(counts),
        )

    def _operate(self, y: int, x: str, asked: dict[Any, float], waiting: dict[Any, Terms]) -> None:
        super()._operate(y, x, asked, waiting)
        if any("availability_target" in one for one in self.raw["workloads"].values()):
            self._reserves(y, x)
        for name, one in self.raw.get("contingencies", {}).items():
            if one.get("holds_from", "") <= f"{y}-01-01":
                for place, lost in self._lost(one):
                    self._contingency((name, place, y, x), one, lost, asked)

    def _lost(self, one: dict[str, Any]) -> list[tuple[str, set[str]]]:
        sites = self.raw["sites"]
        if one.get("each") == "site":
            return [(s, {s}) for s in sites]
        if kind := one.get("each"):
            places = dict.fromkeys(site[kind] for site in sites.values())
            return [(p, {s for s in sites if sites[s][kind] == p}) for p in places]
        named = one.get("operators", [])
        return [
            ("", {s for s in sites if s in one.get("sites", ()) or sites[s]["operator"] in named})
        ]

    def _late(self, s: str, u: str, y: int, one: dict[str, Any]) -> Terms:
        """Orders that would serve in a year, but have not arrived in a contingency."""
        delay = one.get("unit_types", {}).get(u, 0) // 12
        serving = self.online(s, u, y)
        orders = [order for order in self.orders() if ("order", *order[:3]) in serving]
        return {
            ("order", *order[:3]): 1.0
            for order in orders
            if order[:2] == (s, u) and order[3] + delay > y
        }

    def _contingency(
        self, when: tuple[Any, ...], one: dict[str, Any], lost: set[str], asked: dict[Any, float]
    ) -> None:
        y, types = when[2], self.raw["unit_types"]
        left = [s for s in self.raw["sites"] if s not in lost]
        late = {(s, u): self._late(s, u, y, one) for s in left for u in types if self._fits(s, u)}
        gone = any(
            self.online(s, u, y) or self.standing(s, u, y)
            for s in lost.intersection(self.raw["sites"])
            for u in types
            if self._fits(s, u)
        )
        if not gone and not any(late.values()) and not self._offered(lost, y):
            return
        made: dict[tuple[str, str], list[tuple[Terms, float]]] = {}
        for stream, mtok_s in asked.items():
            rule = self._protected(stream)
            if rule is not None:
                part = one.get("share", rule[0]) * mtok_s
                self._kept(stream, part, rule[1], (when, one, lost), made)
        able = {(r["unit_type"], r["workload"]): r["mtok_s"] for r in self.raw["throughput"]}
        gains = self.age(y)
        for (s, u), delayed in late.items():
            at_work: Terms = {}
            operator = self.raw["operators"][self.raw["sites"][s]["operator"]]
            gain = (1 + types[u]["software_gain_per_year"]) ** gains
            for k, workload in self.raw["workloads"].items():
                if (u, k) in able:
                    run = ("kept run", s, u, k, *when)
                    self.upper[run] = np.inf
                    at_work[run] = 1.0
                    tokens = able[u, k] * operator["performance"] * gain
                    made.setdefault((s, k), []).append(
                        ({run: 1.0}, -tokens / workload["compute_multiplier"])
                    )
            share = types[u]["availability"]
            there = self.online(s, u, y), -share
            self.limit(share * self.standing(s, u, y), (at_work, 1), there, (delayed, share))
        for parts in made.values():
            self.limit(0, *parts)
        self._limit_offers(when)

    def _offered(self, lost: set[str], y: int) -> bool:
        """True if something is lost that could be bought."""
        rentals = self.raw.get("rentals", {}).items()
        return any(x in lost and self.at(offer["most_mtok_s"], y) > 0 for x, offer in rentals)

    def _bought(self, stream: Any, part: float, when: tuple[Any, ...], lost: set[str]) -> Terms:
        """What may be bought in a contingency."""
        rents: Terms = {}
        for x in self.offers(stream):
            if x not in lost:
                rent = ("kept rent", *stream, x, *when)
                self.upper[rent] = part
                rents[rent] = 1.0
                peak = self.raw["workloads"][stream[1]]["peak_factor"]
                self.kept.setdefault((x, *when), []).append(({rent: 1.0}, peak))
        return rents

    def _limit_offers(self, when: tuple[Any, ...]) -> None:
        for x, offer in self.raw.get("rentals", {}).items():
            self.limit(self.at(offer["most_mtok_s"], when[2]), *self.kept.get((x, *when), ()))

    def age(self, y: int) -> float:
        return sum(self.days(one) for one in range(2027, y)) / 365.25

    def _fits(self, s: str, u: str) -> bool:
        return self.raw["unit_types"][u]["cooling"] in self.raw["sites"][s]["pue"]

    def _protected(self, stream: tuple[str, str, str]) -> tuple[float, float | None] | None:
        places = {"NO": {"NO", "EEA"}, "SE": {"SE", "EEA"}, "KE": {"KE"}}
        home = places[self.raw["regions"][stream[0]]["jurisdiction"]]
        rows = [
            (row["share"], row.get("price_usd_per_mtok", np.inf))
            for row in self.raw["protection"]
            if row.get("workload", stream[1]) == stream[1]
            and row.get("jurisdiction", min(home)) in home
        ]
        if not rows:
            return None
        share, price = max(rows)
        return share, None if price == np.inf else price

    def _kept(
        self,
        stream: tuple[str, str, str],
        part: float,
        price: float | None,
        where: tuple[tuple[Any, ...], dict[str, Any], set[str]],
        made: dict[tuple[str, str], list[tuple[Terms, float]]],
    ) -> None:
        """What is not made is missing: at a price, saved for what is made; or not at all."""
        when, one, lost = where
        y, x = when[2:]
        region = self.raw["regions"][stream[0]]
        flows: Terms = {}
        for s, site in self.raw["sites"].items():
            home = site["jurisdiction"]
            if s in lost:
                continue
            if stream[2] == "health" and home != region["jurisdiction"]:
                continue
            flow = ("kept flow", *stream, s, *when)
            self.upper[flow] = part
            flows[flow] = 1.0
            peak = self.raw["workloads"][stream[1]]["peak_factor"]
            made.setdefault((s, stream[1]), []).append(({flow: 1.0}, peak))
        flows |= self._bought(stream, part, when, lost)
        self.limit(part, (flows, 1))
        if price is None:
            self.limit(-part, (flows, -1))
            return
        mtok = self.middle(y) * self.days(y) * 86_400 / 1e6 * self.part(x)
        self.offset += one["weight"] * mtok * price * part
        self.pay(flows, -one["weight"] * mtok * price)

    def _reserves(self, y: int, x: str) -> None:
        """One number of units in service is chosen, and with it how many may work."""
        workloads = self.raw["workloads"]
        for s in self.raw["sites"]:
            for u in self.raw["unit_types"]:
                if not self._fits(s, u):
                    continue
                grid = self.at(self.raw["sites"][s]["grid_mw"], y)
                most = int(max(grid / self.meter(s, u) + 1e-9, self.standing(s, u, y)))
                counts = {n: ("count", s, u, y, n) for n in range(most + 1)}
                if counts[0] not in self.upper:
                    self.upper |= dict.fromkeys(counts.values(), 1)
                    one: Terms = dict.fromkeys(counts.values(), 1.0)
                    self.limit(1, (one, 1))
                    self.limit(-1, (one, -1))
                    number = {count: float(n) for n, count in counts.items()}
                    there = self.standing(s, u, y)
                    self.limit(there, (number, 1), (self.online(s, u, y), -1))
                    self.limit(-there, (number, -1), (self.online(s, u, y), 1))
                for target in {w.get("availability_target") for w in workloads.values()} - {None}:
                    at_work: Terms = {
                        ("run", s, u, k, y, x): 1.0
                        for k, w in workloads.items()
                        if ("run", s, u, k, y, x) in self.upper
                        and w.get("availability_target", 0) >= target
                    }
                    up = self.raw["unit_types"][u]["availability"]
                    may = {counts[n]: float(most_up(n, up, target)) for n in counts}
                    self.limit(0, (at_work, 1), (may, -1))


def most_up(n: int, up: float, target: float) -> int:
    """The largest number of n units that are up together often enough."""
    chance, most = 0.0, 0
    for k in range(n, 0, -1):
        chance += comb(n, k) * up**k * (1 - up) ** (n - k)
        if chance >= target - 1e-12:
            most = k
            break
    return most
