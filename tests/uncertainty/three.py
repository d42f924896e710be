"""One site, one order date, three futures: small enough for every figure to be found by hand.

Units are ordered in 2027, before anything is known, and serve in 2028. `low`, `mid` and `high` ask
for 1, 2 or 3 units' worth of tokens in 2028, and for nothing in 2027. A unit costs 40 MUSD, a unit
that is missing 100 MUSD. Of N units and D asked for, the cost is 40·N + 100·max(0, D − N):

    units N    low    mid   high
    0          100    200    300
    1           40    140    240
    2           80     80    180
    3          120    120    120

Alone, the scenarios cost 40, 80 and 120.
"""

from typing import Any

from models.instance import Instance
from tests.small import demands, tiny, years

PRICE = 100 / (366 * 0.0864 * 10)
"""A unit makes 10 Mtok/s; not making them for the 366 days of 2028 costs 100 MUSD [USD/Mtok]."""

ALONE = {"low": 40.0, "mid": 80.0, "high": 120.0}
COSTS = {
    0: {"low": 100.0, "mid": 200.0, "high": 300.0},
    1: {"low": 40.0, "mid": 140.0, "high": 240.0},
    2: {"low": 80.0, "mid": 80.0, "high": 180.0},
    3: {"low": 120.0, "mid": 120.0, "high": 120.0},
}


def three(p: tuple[float, float, float] = (0.65, 0.15, 0.2), **changes: Any) -> Instance:
    """The instance with these probabilities of low, mid and high, and with changes merged in."""
    asked = {"mid": 20, "high": 30}
    data: dict[str, Any] = {
        "horizon": years(2),
        "unit_types": {"gen1": {"lead_months": 12}},
        "workloads": {"chat": {"shortfall_price_usd_per_mtok": PRICE}},
        "demand": demands(("norway", "public", 2027, 0), ("norway", "public", 2028, 10)),
        "scenarios": {
            w: {"probability": share}
            | (
                {"revealed": "2028-01", "changes": {f"{DEMAND}.mtok_s": asked[w]}}
                if w in asked
                else {}
            )
            for w, share in zip(("low", "mid", "high"), p, strict=True)
        },
    }
    return tiny(**(data | changes))


DEMAND = "demand.norway.chat.public.2028"
"""The path of the demand of 2028."""
