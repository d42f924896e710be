"""Changes of an instance that leave its optimum as it was, or move it as foretold.

Each takes plain data and a seed, and gives the changed data; the optimum of those is `factor`
times that of the first. Money in another unit is in tests/properties/test_together.py.
"""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any, NamedTuple

from tests.properties.test_together import in_money
from tests.properties.together import Raw


class Relation(NamedTuple):
    """A change, and the optimum after it over that before it."""

    change: Callable[[Raw, int], Raw]
    factor: float = 1.0


NAMED = (
    *("sites", "operators", "unit_types", "workloads", "data_classes", "regions", "grid_regions"),
    *("quotas", "slices", "rentals", "grid_upgrades", "network_options", "sufficiency"),
    *("concentration", "contingencies", "model_families", "efficiency_floors"),
)
"""Tables whose records have names of the planner's own choice."""


def renamed(raw: Raw, seed: int) -> Raw:
    """All names are other ones, in another order of the alphabet."""
    names = sorted({name for table in NAMED for name in raw.get(table, {})} - {"world", "all"})
    numbers = list(range(len(names)))
    Random(seed).shuffle(numbers)
    new = {name: f"n{number:03}-é" for name, number in zip(names, numbers, strict=True)}
    # The name of the study's instance and words of the format stay as they are.
    kept = {key: raw[key] for key in ("name", "horizon", "finance", "solve") if key in raw}
    return _renamed({key: raw[key] for key in raw if key not in kept}, new, "") | kept


WORDS = (
    *("cooling", "generation", "vendor", "continent", "network_zone", "zone_a", "zone_b"),
    *("each", "limit", "by", "counts", "share_of"),
)
"""Fields that hold words, and never such a name."""


def _renamed(data: Any, new: dict[str, str], field: str) -> Any:
    if isinstance(data, dict):
        plain = field in ("", *WORDS)
        return {
            key if plain else new.get(key, key): _renamed(value, new, str(key))
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [_renamed(one, new, field) for one in data]
    return new.get(data, data) if isinstance(data, str) and field not in WORDS else data


def permuted(raw: Raw, seed: int) -> Raw:
    """All tables stand in another order, and so do their records."""
    return dict(_shuffled([(k, _permuted(v, Random(seed))) for k, v in raw.items()], Random(seed)))


def _permuted(data: Any, dice: Random) -> Any:
    if isinstance(data, dict):
        return dict(_shuffled([(k, _permuted(v, dice)) for k, v in data.items()], dice))
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return _shuffled([_permuted(one, dice) for one in data], dice)
    return data


def _shuffled(values: list[Any], dice: Random) -> list[Any]:
    dice.shuffle(values)
    return values


TOKENS = 1024.0
"""So many tokens are counted as one."""


def in_tokens(raw: Raw, _: int) -> Raw:
    """Tokens in a unit of another size, and soft limits on them with it."""
    soft = [_soft_in_tokens(row) for row in raw.get("soft_limits", [])]
    return _in_tokens(raw | {"soft_limits": []}, 1.0) | {"soft_limits": soft}


OF_TOKENS = ("rental", "sufficiency_share", "tokens_share")
"""Soft limits that are missed by tokens, and so have their price for tokens."""


def _soft_in_tokens(row: Raw) -> Raw:
    if row["limit"] not in OF_TOKENS:
        return row
    most = {"most": row["most"] / TOKENS} if "most" in row else {}
    return row | {"price_musd": row["price_musd"] * TOKENS} | most


def _in_tokens(data: Any, factor: float) -> Any:
    if isinstance(data, dict):
        return {key: _in_tokens(value, _power(str(key), factor)) for key, value in data.items()}
    if isinstance(data, list):
        return [_in_tokens(one, factor) for one in data]
    return data / factor if factor != 1.0 and isinstance(data, int | float) else data


def _power(field: str, outer: float) -> float:
    """What a field's figures are divided by, so that they mean the same in the other unit."""
    if field.endswith(("_per_mtok", "_per_mtok_s")):
        return 1.0 / TOKENS
    if "mtok" in field:
        return TOKENS
    return outer


def region_in_halves(raw: Raw, seed: int) -> Raw:
    """One region is two, each with half of its demand."""
    new = deepcopy(raw)
    r = Random(seed).choice(sorted(new["regions"]))
    half = f"{r}-half"
    new["regions"][half] = deepcopy(new["regions"][r])
    rows = []
    for row in new["demand"]:
        if row["region"] != r:
            rows.append(row)
            continue
        less = {k: v / 2 if k == "mtok_s" else v for k, v in row.items()}
        rows += [less, less | {"region": half}]
    new["demand"] = rows
    new["rtt"] += [row | {"region": half} for row in new["rtt"] if row["region"] == r]
    for offer in new.get("rentals", {}).values():
        if r in offer.get("rtt_ms", {}):
            offer["rtt_ms"][half] = offer["rtt_ms"][r]
    return new


def said_twice(raw: Raw, _: int) -> Raw:
    """Where demand holds until it is given anew, what holds is given again on a later day."""
    new = deepcopy(raw)
    if new["demand_interpolation"] != "step":
        return new
    key = ("region", "workload", "data_class")
    for stream in {tuple(row[k] for k in key) for row in new["demand"]}:
        rows = [row for row in raw["demand"] if tuple(row[k] for k in key) == stream]
        last = max(rows, key=lambda row: row["date"])
        # Days within the period after it: the next one starts no earlier than three months later.
        new["demand"].append(last | {"date": f"{int(last['date'][:4]) + 30}-01-01"})
        dates = sorted(row["date"] for row in rows)
        for row in rows:
            later = [day for day in dates if day > row["date"]]
            between = f"{row['date'][:4]}-12-31"
            if between > row["date"] and (not later or between < later[0]):
                new["demand"].append(row | {"date": between})
    return new


def unlawful_site(raw: Raw, _: int) -> Raw:
    """One more site, cheap and powered, in a country to which no unit may be exported."""
    new = deepcopy(raw)
    new["jurisdictions"]["XX"] = {"continent": "africa"}
    for unit in new["unit_types"].values():
        unit["barred"] = [*unit.get("barred", []), "XX"]
    model = new["sites"]["s0"]
    new["sites"]["barred"] = {
        **{k: model[k] for k in ("operator", "lat", "lon", "network_zone")},
        **{"jurisdiction": "XX", "grid_mw": 100, "pue": {"liquid": 1.0}, "hall_block_mw": 1},
        **{"hall_capex_musd_per_mw": 0, "energy_price_usd_per_mwh": 0},
    }
    return new


MONEY = 1000.0

RELATIONS = {
    "renamed": Relation(renamed),
    "permuted": Relation(permuted),
    "money in another unit": Relation(lambda raw, _: in_money(raw, MONEY), MONEY),
    "tokens in another unit": Relation(in_tokens),
    "a region in two halves": Relation(region_in_halves),
    "data given twice": Relation(said_twice),
    "one more site, unlawful": Relation(unlawful_site),
}
