"""Data gravity: what carrying data costs, and how near they must stay; worked out by hand."""

from typing import Any

import pytest

from models.build import build_model
from models.checks import find_warnings
from models.instance import Instance
from optimizer import solve
from tests.small import cost, demands, optimum, solved, terms, twins, values

ZONES = {
    "sites": {
        "oslo": {"network_zone": "north", "unit_capex_factor": 1.5},
        "nairobi": {"network_zone": "south"},
    },
    "regions": {"norway": {"network_zone": "north"}, "kenya": {"network_zone": "south"}},
    "network_prices": [
        {"zone_a": "north", "zone_b": "north", "usd_per_mtok": 0.01, "usd_per_gb": 0.002},
        {"zone_a": "south", "zone_b": "north", "usd_per_mtok": 0.02, "usd_per_gb": 0.05},
        {"zone_a": "south", "zone_b": "south", "usd_per_mtok": 0.01},
    ],
    "demand": demands(("norway", "public", 2027, 10)),
}


def carried(**chat: Any) -> Instance:
    """Norway asks for one unit: 60 MUSD in Oslo, or 40 and a hall of 20 in Nairobi."""
    return twins(**(ZONES | {"workloads": {"chat": chat}}))


def test_data_are_paid_by_the_gigabyte() -> None:
    # 10 Mtok/s are 315.36 million Mtok a year: from Oslo 0.01 + 3 GB · 0.002 USD each.
    inst = carried(data_gb_per_mtok=3)
    m = solved(inst)

    assert inst.carrying_price["norway", "chat", "oslo"] == pytest.approx(0.016)
    assert inst.carrying_price["norway", "chat", "nairobi"] == pytest.approx(0.17)
    assert inst.carrying_price["kenya", "chat", "nairobi"] == pytest.approx(0.01)
    assert terms(m) == pytest.approx({"unit_capex": 60, "network": 315.36 * 0.016})


def test_weight_draws_work_to_the_data() -> None:
    # Without data and with a price cut of half for the hall, Nairobi is cheaper by 10 MUSD less
    # 3.15 for the tokens; 1 GB per Mtok costs 0.05 − 0.002 USD more there, 15.1 MUSD a year.
    half = {"sites.nairobi.hall_capex_musd_per_mw": 2.5}
    light, heavy = carried().with_changes(half), carried(data_gb_per_mtok=1).with_changes(half)

    assert {s for _, s, _ in values(solved(light).flow)} == {"nairobi"}
    assert {s for _, s, _ in values(solved(heavy).flow)} == {"oslo"}
    assert cost(solved(light)) == pytest.approx(50 + 315.36 * 0.02)
    assert cost(solved(heavy)) == pytest.approx(60 + 315.36 * 0.012)


@pytest.mark.parametrize(
    ("stays", "changes", "sites"),
    [
        ("anywhere", {}, {"oslo", "nairobi"}),
        ("jurisdiction", {}, {"oslo"}),
        ("bloc", {}, {"oslo"}),
        ("bloc", {"jurisdictions.KE.blocs": ["EEA"]}, {"oslo", "nairobi"}),
        ("continent", {}, {"oslo"}),
        ("continent", {"jurisdictions.KE.continent": "europe"}, {"oslo", "nairobi"}),
        ("jurisdiction", {"jurisdictions.KE.blocs": ["EEA"]}, {"oslo"}),
    ],
)
def test_data_stay_near_their_region(
    stays: str, changes: dict[str, object], sites: set[str]
) -> None:
    inst = carried(data_stays=stays).with_changes(changes)

    assert set(inst.lawful_sites["norway/chat/public"]) == sites
    assert {s for _, s, _ in build_model(inst).FLOWS} == sites


def test_staying_never_costs_less() -> None:
    cheap = {"sites.nairobi.hall_capex_musd_per_mw": 0}
    costs = [
        optimum(carried(data_stays=stays).with_changes(cheap))
        for stays in ("anywhere", "continent", "jurisdiction")
    ]
    assert costs == sorted(costs)
    assert costs[1] == pytest.approx(60 + 315.36 * 0.01)
    assert costs[0] == pytest.approx(40 + 315.36 * 0.02)


def test_rented_tokens_keep_to_it_as_well() -> None:
    offer = {"operator": "savanna", "jurisdiction": "KE", "lat": -1.3, "lon": 36.8}
    rentals = {"spot": offer | {"price_usd_per_mtok": 1, "most_mtok_s": 10}}
    inst = carried(data_stays="continent").with_changes({"rentals.add": rentals})

    assert inst.lawful_offers["norway/chat/public"] == ()
    free = inst.with_changes({"workloads.chat.data_stays": "anywhere"})
    assert free.lawful_offers["norway/chat/public"] == ("spot",)


def test_streams_that_carry_differently_are_not_one() -> None:
    both = carried(data_gb_per_mtok=1).with_changes(
        {"demand.add": demands(("kenya", "public", 2027, 5))}
    )
    assert len(build_model(both, merge=True).groups) == 2
    assert optimum(both, merge=True) == pytest.approx(optimum(both))


def test_a_weight_without_a_price_is_warned_of() -> None:
    inst = twins(workloads={"chat": {"data_gb_per_mtok": 1}})
    assert "costs nothing" in str(find_warnings(inst)[0])
    assert optimum(inst) == optimum(twins())


def test_the_checker_knows_prices_and_reach() -> None:
    from optimizer.verify import verify_tables

    inst = carried(data_gb_per_mtok=0.1).with_changes({"sites.nairobi.unit_capex_factor": 0.1})
    plan = solve(inst)
    assert plan.violations == ()
    assert set(plan.table("flows")["site"]) == {"nairobi"}

    for changes, family, words in (
        ({"workloads.chat.data_stays": "continent"}, "routes", "its data must stay nearer"),
        ({"workloads.chat.data_gb_per_mtok": 0.2}, "cost", "the cost network"),
        ({"network_prices.south.north.usd_per_gb": 0.1}, "cost", "the cost network"),
    ):
        found = verify_tables(inst.with_changes(changes), plan.tables, plan.summary())
        messages = [v.message for v in found.violations if v.family == family]
        assert any(words in message for message in messages), found.violations
