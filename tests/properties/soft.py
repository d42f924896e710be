"""Random soft limits on top of random instances."""

from random import Random
from typing import Any

from models.soft_kinds import KINDS


def with_soft_limits(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """The instance with some kinds of limits soft everywhere, at random prices and from dates."""
    dice = Random(seed)
    rows = []
    for limit, kind in KINDS.items():
        if dice.random() < 0.4:
            row = {"limit": limit, "price_musd": dice.choice([0.05, 0.7, 20.0])}
            row["most"] = dice.choice([0.8, 2.5, 40.0])
            if dice.random() < 0.4 and limit != "capital_share":
                del row["most"]
            if dice.random() < 0.3 and kind.dated:
                row["from_date"] = "2028-01-01"
            rows.append(row)
    dice.shuffle(rows)
    return raw | {"soft_limits": rows, "name": f"{raw['name']}, soft of seed {seed}"}
