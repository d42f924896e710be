"""Equivalent streams: one to the model; the optimum is the same, and the plan is split back."""

from typing import Any

import pytest

from models.equivalence import group_streams
from models.instance import Instance
from optimizer import solve
from tests.small import demands, optimum, twins, years

REGIONS = {
    "norway": {"network_zone": "north"},
    "sweden": {"jurisdiction": "NO", "lat": 59, "lon": 18, "network_zone": "north"},
    "kenya": {"network_zone": "south"},
}
PRICES = [
    {"zone_a": a, "zone_b": b, "usd_per_mtok": usd}
    for a, b, usd in (("north", "north", 0.1), ("north", "south", 0.3), ("south", "south", 0.2))
]


def four_streams(**changes: Any) -> Instance:
    """Norway and Sweden alike, but for Norway's health data, which stay at home; and Kenya."""
    rows = demands(
        ("norway", "public", 2027, 30),
        ("sweden", "public", 2027, 15),
        ("norway", "health", 2027, 10),
        ("kenya", "public", 2027, 20),
        # Sweden asks for more in 2028, so its share of what they ask for together grows.
        ("sweden", "public", 2028, 45),
    )
    return twins(
        horizon=years(2),
        sites={
            "oslo": {"network_zone": "north", "grid_mw": 12.5},
            "nairobi": {"network_zone": "south", "open_cost_musd": 10, "grid_mw": {2028: 10}},
        },
        data_classes={"health": {"compute": ["HOME"]}},
        regions=REGIONS,
        network_prices=PRICES,
        demand=rows,
        **changes,
    )


def test_streams_with_the_same_sites_and_prices_are_one() -> None:
    groups = group_streams(four_streams(), merge=True)

    # Kenya's tokens cost other prices to carry; health data have fewer lawful sites.
    assert [group.members for group in groups.values()] == [
        ("norway/chat/public", "sweden/chat/public"),
        ("norway/chat/health",),
        ("kenya/chat/public",),
    ]
    assert groups["norway/chat/public"].demand_mtok_s == {"2027": 45, "2028": 75}
    assert groups["norway/chat/public"].network_price == {"oslo": 0.1, "nairobi": 0.3}


def test_streams_of_two_workloads_are_never_one() -> None:
    demand = [
        *demands(("norway", "public", 2027, 15)),
        *demands(("norway", "public", 2027, 30), workload="batch"),
    ]
    throughput = [{"unit_type": "gen1", "workload": k, "mtok_s": 10} for k in ("chat", "batch")]
    batch = {"batch": {"shortfall_price_usd_per_mtok": 10}}
    inst = twins(workloads=batch, throughput=throughput, demand=demand)

    assert len(group_streams(inst, merge=True)) == 2


def test_without_merging_each_stands_alone() -> None:
    inst = four_streams()

    assert list(group_streams(inst, merge=False)) == list(inst.streams)


def test_the_optimum_is_the_same() -> None:
    inst = four_streams()

    merged = optimum(inst, merge=True)
    assert merged == pytest.approx(optimum(inst, merge=False))
    # Without limits all would be served; here some falls short, so the groups matter.
    assert merged > 10 * 8 * 40


def test_flow_and_shortfall_are_split_in_proportion_to_demand() -> None:
    plan = solve(four_streams())
    assert plan.violations == ()

    flows = plan.table("flows")
    served = flows.groupby(["region", "data_class", "site", "period"])["mtok_s"].sum()
    short = plan.table("shortfall").groupby(["region", "data_class", "period"])["mtok_s"].sum()
    for t, norway in (("2027", 30 / 45), ("2028", 30 / 75)):
        for s in ("oslo", "nairobi"):
            ours = served.get(("norway", "public", s, t), 0.0)
            theirs = served.get(("sweden", "public", s, t), 0.0)
            assert ours == pytest.approx(norway * (ours + theirs))
        ours = short.get(("norway", "public", t), 0.0)
        theirs = short.get(("sweden", "public", t), 0.0)
        assert ours == pytest.approx(norway * (ours + theirs))
    assert short.sum() > 0
