"""The plain data of `strategies.yearly`, read again: what holds in a year, and what can be built.

Whole years, and online units as sums of the orders whose age is between lead time and end of life.
It knows nothing of models/.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import numpy as np

Terms = dict[tuple[Any, ...], float]
"""Variables, with what each is multiplied by."""


class Facts:
    """What an instance says of years, sites, units and demand."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.years = [2027 + n for n in range(len(raw["horizon"]["months"]))]
        self.end = self.years[-1] + 1

    # What holds when

    def days(self, y: int) -> int:
        return (date(y + 1, 1, 1) - date(y, 1, 1)).days

    def worth(self, day: date) -> float:
        """Of 1 MUSD on a day."""
        rate = self.raw["finance"]["discount_rate_per_year"]
        return float((1 + rate) ** (-(day - date(2027, 1, 1)).days / 365.25))

    def middle(self, y: int) -> float:
        return self.worth(date(y, 1, 1) + (date(y + 1, 1, 1) - date(y, 1, 1)) / 2)

    def at(self, values: Any, y: int) -> float:
        """The value that holds on the first day of a year."""
        if not isinstance(values, dict):
            return float(values)
        past = [day for day in values if day <= f"{y}-01-01"]
        return float(values[max(past)]) if past else 0.0

    def left(self, first: int, life: int) -> float:
        """Share of a life left at the end, for what is in service from the start of a year."""
        if self.raw["finance"]["end_of_horizon_value"] == "none":
            return 0.0
        ends, began = date(first + life, 1, 1), date(first, 1, 1)
        return max(0, (ends - date(self.end, 1, 1)).days) / (ends - began).days

    def slices(self) -> list[str]:
        return list(self.raw.get("slices") or ["all"])

    def part(self, x: str) -> float:
        """Of the day."""
        declared = self.raw.get("slices")
        return float(declared[x]["hours"] / 24) if declared else 1.0

    def energy_price(self, site: dict[str, Any], x: str, y: int) -> float:
        """MUSD per MWh."""
        factor = site.get("energy_price_factor", {}).get(x, 1.0)
        return self.at(site["energy_price_usd_per_mwh"], y) * factor / 1e6

    # What is asked for

    def demand(self, y: int, x: str) -> dict[tuple[str, str, str], float]:
        """By stream, the latest value not after the middle of the year; else the first one."""
        dates: dict[tuple[str, str, str], dict[str, float]] = {}
        for row in self.raw["demand"]:
            stream = row["region"], row["workload"], row["data_class"]
            dates.setdefault(stream, {})[row["date"]] = row["mtok_s"]
        out = {}
        for stream, values in dates.items():
            past = [day for day in values if day <= f"{y}-06-30"]
            fan_out = self.raw["workloads"][stream[1]]["fan_out"]
            mean = fan_out * values[max(past) if past else min(values)]
            out[stream] = mean * self.shape(*stream[:2], x)
        return out

    def shape(self, r: str, k: str, x: str) -> float:
        """Demand in a slice over that of the day, counted in steps of a quarter of an hour."""
        profile, declared = self.raw["workloads"][k].get("daily_profile"), self.raw.get("slices")
        if not profile or not declared:
            return 1.0
        region, one = self.raw["regions"][r], declared[x]
        ahead = round(4 * region["utc_offset_hours"])
        quarters = range(4 * one["from_hour"], 4 * (one["from_hour"] + one["hours"]))
        asked = [profile[(quarter + ahead) // 4 % 24] for quarter in quarters]
        return float(np.mean(asked) / np.mean(profile))

    # What can be built

    def meter(self, s: str, u: str) -> float:
        unit = self.raw["unit_types"][u]
        return float(self.raw["sites"][s]["pue"][unit["cooling"]] * unit["it_mw"])

    def orders(self) -> Iterator[tuple[str, str, int, int]]:
        """Site, unit type, year of order, year of service."""
        for (s, site), (u, unit) in product(
            self.raw["sites"].items(), self.raw["unit_types"].items()
        ):
            if unit["cooling"] not in site["pue"]:
                continue
            for y in self.years:
                first = y + (unit["lead_months"] + site["unit_lead_months"]) // 12
                on_sale = unit["available_from"] <= f"{y}-01-01"
                on_sale &= f"{y}-01-01" <= unit.get("available_until", "9999")
                powered = self.at(site["grid_mw"], first) >= self.meter(s, u)
                if on_sale and first < self.end and powered:
                    yield s, u, y, first

    def online(self, s: str, u: str, y: int) -> Terms:
        life = self.raw["unit_types"][u]["life_years"]
        return {
            ("order", *order[:3]): 1.0
            for order in self.orders()
            if order[:2] == (s, u) and order[3] <= y < order[3] + life
        }

    def standing(self, s: str, u: str, y: int) -> float:
        """Initial units."""
        life = self.raw["unit_types"][u]["life_years"]
        return sum(
            row["units"]
            for row in self.raw["initial_units"]
            if (row["site"], row["unit_type"]) == (s, u)
            and int(row["in_service"][:4]) <= y < int(row["in_service"][:4]) + life
        )

    def hall_first(self, s: str, y: int) -> int:
        return y + int(self.raw["sites"][s]["hall_lead_months"]) // 12

    def is_open(self, s: str, y: int) -> tuple[Terms, float]:
        if self.raw["sites"][s]["opened"]:
            return {}, 1.0
        return {("open", s, z): 1.0 for z in self.years if z <= y}, 0.0

    # What may serve, and whose money pays

    def offers(self, stream: tuple[str, str, str]) -> list[str]:
        """What may serve a stream."""
        r, k, data_class = stream
        home = self.raw["regions"][r]["jurisdiction"]
        return [
            x
            for x, offer in self.raw.get("rentals", {}).items()
            if (data_class != "health" or offer["jurisdiction"] == home)
            and (not offer["workloads"] or k in offer["workloads"])
        ]

    def pool(self, s: str) -> str | None:
        pools = self.raw["budget"]["pools"]
        if "europe" in pools and self.raw["sites"][s]["jurisdiction"] in ("NO", "SE"):
            return "europe"
        return "world" if "world" in pools else None
