"""Contingencies: what is protected is served by what is left (G1 to G6).

Two open sites with room for ten units of 10 Mtok/s and 40 MUSD each; Norway asks for 50 Mtok/s.
"""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from tests.small import (
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    terms,
    twins,
    values,
    years,
)

OPEN: dict[str, Any] = {"nairobi": {"opened": True, "initial_hall_mw": 20}}
ANY_SITE: dict[str, Any] = {"any-site": {"each": "site"}}
HALF = [{"share": 0.5}]
MTOK = 31.536
"""Million Mtok of 1 Mtok/s in 2027: what 1 Mtok/s costs at 1 USD per Mtok [MUSD]."""


def two(**changes: Any) -> Instance:
    return twins(**{"sites": OPEN} | changes)


def test_each_site_keeps_half_of_the_demand() -> None:
    """5 units serve 50; without a site the other must serve 25, so each has 3."""
    assert cost(solved(two())) == pytest.approx(5 * 40)
    m = solved(two(contingencies=ANY_SITE, protection=HALF))

    assert cost(m) == pytest.approx(6 * 40)
    assert set(values(m.order).values()) == {3}
    assert values(m.contingency_flow) == {
        ("norway/chat/public", "nairobi", "2027 in any-site: oslo"): 25,
        ("norway/chat/public", "oslo", "2027 in any-site: nairobi"): 25,
    }


def test_rows_are_as_written() -> None:
    inst = two(contingencies=ANY_SITE, protection=[{"share": 0.5, "price_usd_per_mtok": 3}],
               unit_types={"gen1": {"availability": 0.9}},
               workloads={"chat": {"peak_factor": 2}})  # fmt: skip
    m = build_model(inst)
    e, j = "2027 in any-site: oslo", "norway/chat/public"
    run, flow = f"contingency_run[nairobi,gen1,chat,{e}]", f"contingency_flow[{j},nairobi,{e}]"

    assert_row(m.contingency_run_limit["nairobi", "gen1", e],
               {run: 1, "online[nairobi,gen1,2027]": -0.9}, "≤", 0)  # fmt: skip
    assert_row(m.contingency_throughput_limit["nairobi", "chat", e], {flow: 2, run: -10}, "≤", 0)
    assert_row(m.contingency_demand_balance[j, e],
               {flow: 1, f"contingency_shortfall[{j},{e}]": 1}, "=", 25)  # fmt: skip
    assert len(m.contingency_demand_balance) == 2


@pytest.mark.parametrize("rows", ["run_limit", "throughput_limit", "demand_balance"])
def test_each_row_binds(rows: str) -> None:
    inst = two(contingencies=ANY_SITE, protection=HALF)

    found = optimum_without(inst, lambda m: m.component(f"contingency_{rows}"))
    assert found == pytest.approx(200)
    assert optimum(inst) == pytest.approx(240)


def test_a_contingency_may_ask_for_another_share() -> None:
    """0.8 · 50 = 40 without Oslo: 4 units in Nairobi; without Nairobi still 25: 3 in Oslo."""
    more = {"a": {"sites": ["oslo"], "share": 0.8}, "b": {"sites": ["nairobi"]}}
    m = solved(two(contingencies=more, protection=HALF))

    assert values(m.order) == {("nairobi", "gen1", "2027"): 4, ("oslo", "gen1", "2027"): 3}


@pytest.mark.parametrize(
    ("contingency", "names"),
    [
        ({"each": "operator"}, ["x: fjord", "x: savanna"]),
        ({"each": "jurisdiction"}, ["x: NO", "x: KE"]),
        ({"each": "grid_region"}, ["x: rift"]),
        ({"operators": ["fjord"]}, ["x"]),
        ({"jurisdictions": ["EEA"]}, ["x"]),
        ({"grid_regions": ["rift"]}, ["x"]),
    ],
)
def test_what_sites_belong_to_can_be_lost(contingency: Any, names: list[str]) -> None:
    sites = {"nairobi": OPEN["nairobi"] | {"grid_region": "rift"}}
    inst = twins(sites=sites, grid_regions={"rift": {"cap_mw": 50}},
                 contingencies={"x": contingency}, protection=HALF)  # fmt: skip
    lost = {"x: fjord": "oslo", "x: NO": "oslo"}
    alone = "nairobi" if "grid_regions" in contingency else "oslo"
    rest = {"x: rift": "nairobi", "x: savanna": "nairobi", "x: KE": "nairobi", "x": alone}

    assert list(inst.losses) == names
    assert {x: loss.sites for x, loss in inst.losses.items()} == {
        x: ((lost | rest)[x],) for x in names
    }


def test_what_is_missing_has_a_price() -> None:
    """3 and 2 units: without the three, 5 Mtok/s are missing. A sixth unit costs 40."""
    soft = [{"share": 0.5, "price_usd_per_mtok": 0.2}]
    m = solved(two(contingencies=ANY_SITE, protection=soft))
    assert terms(m) == pytest.approx({"unit_capex": 200, "contingency_shortfall": 5 * MTOK * 0.2})
    # 5 · 31.536 · 0.3 = 47.3 is more than a unit; with half the weight it is less.
    dear = [{"share": 0.5, "price_usd_per_mtok": 0.3}]
    assert optimum(two(contingencies=ANY_SITE, protection=dear)) == pytest.approx(240)
    rare = {"any-site": {"each": "site", "weight": 0.5}}
    assert optimum(two(contingencies=rare, protection=dear)) == pytest.approx(200 + 5 * MTOK * 0.15)


def test_contingencies_that_lose_the_same_are_one_and_weigh_together() -> None:
    again = ANY_SITE | {"strait": {"sites": ["oslo"]}, "norway": {"jurisdictions": ["NO"]}}
    soft = [{"share": 0.5, "price_usd_per_mtok": 0.05}]
    inst = two(contingencies=again, protection=soft)
    m = build_model(inst)

    assert len(inst.contingency_states) == 4
    assert len(m.contingency_demand_balance) == 2
    # With 3 units in Nairobi nothing is missing in three of the four; only where it is lost itself.
    assert optimum(inst) == pytest.approx(200 + 5 * MTOK * 0.05)
    # All in Oslo would miss 25 three times over.
    in_oslo = {"nairobi": OPEN["nairobi"] | {"grid_mw": 0}}
    alone = two(contingencies=again, protection=soft, sites=in_oslo)
    assert optimum(alone) == pytest.approx(200 + 3 * 25 * MTOK * 0.05)


def test_streams_with_the_same_sites_left_are_one() -> None:
    """Network prices keep them apart in normal states, not in contingencies."""
    zones = {"norway": {"network_zone": "n"}, "kenya": {"network_zone": "s"}}
    inst = two(
        regions=zones,
        sites={"oslo": {"network_zone": "n"}, "nairobi": OPEN["nairobi"] | {"network_zone": "s"}},
        network_prices=[{"zone_a": a, "zone_b": b, "usd_per_mtok": price}
                        for a, b, price in (("n", "n", 0), ("n", "s", 1), ("s", "s", 0))],
        demand=demands(("norway", "public", 2027, 30), ("kenya", "public", 2027, 20)),
        contingencies=ANY_SITE,
        protection=HALF,
    )  # fmt: skip
    m = build_model(inst, merge=True)

    assert len(m.groups) == 2
    assert len(m.contingency_flow) == 2
    assert optimum(inst) == pytest.approx(240)


def test_the_strictest_row_counts() -> None:
    rows = [
        {"share": 0.2},
        {"workload": "chat", "share": 0.5, "price_usd_per_mtok": 1},
        {"region": "norway", "share": 0.5},
        {"jurisdiction": "EEA", "share": 0.4},
        {"continent": "africa", "share": 0.9},
        {"data_class": "public", "share": 0.3, "price_usd_per_mtok": 9},
    ]
    asked = demands(("norway", "public", 2027, 30), ("kenya", "public", 2027, 20))
    inst = two(contingencies=ANY_SITE, protection=rows, demand=asked)

    assert inst.protected["norway/chat/public"] == (0.5, None)
    assert inst.protected["kenya/chat/public"] == (0.9, None)
    assert inst.asked_mtok_s["kenya/chat/public", "2027 in any-site: oslo"] == pytest.approx(18)
    dearest = [row | {"share": 0.5, "price_usd_per_mtok": i} for i, row in enumerate(rows)]
    assert two(contingencies=ANY_SITE, protection=dearest).protected["norway/chat/public"] == (
        0.5,
        5,
    )


def test_it_holds_from_a_date() -> None:
    """Two years, demand 50 in both; from 2028 on a site may be lost, so the sixth unit can wait."""
    later = {"any-site": {"each": "site", "holds_from": "2027-03-01"}}
    inst = two(horizon=years(2), contingencies=later, protection=HALF,
               unit_types={"gen1": {"opex_musd_per_year": 1}})  # fmt: skip
    m = solved(inst)

    assert {state.period for state in inst.contingency_states.values()} == {"2028"}
    assert sum(n for (_, _, t), n in values(m.order).items() if t == "2027") == 5
    assert sum(values(m.order).values()) == 6


def test_where_nothing_can_stand_nothing_is_asked() -> None:
    """Nairobi has power from 2028 on: until then its loss takes nothing away."""
    powered = {"nairobi": {"grid_mw": {2028: 25}, "opened": True, "initial_hall_mw": 20}}
    inst = twins(sites=powered, horizon=years(2), contingencies={"x": {"sites": ["nairobi"]}},
                 protection=[{"share": 1}])  # fmt: skip

    assert list(inst.contingency_states) == ["2028 in x"]
    assert optimum(inst) == pytest.approx(200)


LATE: dict[str, Any] = {
    "horizon": {"start": 2027, "months": [6, 6, 12]},
    "initial_units": [{"site": "oslo", "unit_type": "gen1", "in_service": 2026, "units": 4}],
    "unit_types": {"gen1": {"opex_musd_per_year": 2}},
    "demand": demands(("norway", "public", 2027, 40), ("norway", "public", "2027-07", 60)),
    "protection": [{"share": 1}],
}
"""4 units stand; 2 more are needed from July 2027 on."""
