"""Rental: tokens bought from others, lawfully, up to what they offer."""

from typing import Any

import pytest

from models.build import build_model
from models.equivalence import group_streams
from models.instance import Instance
from optimizer import solve
from tests.small import (
    SHORT,
    assert_row,
    cost,
    demands,
    merged,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    twins,
    values,
    years,
)

MTOK = 31.536
"""Million Mtok of 1 Mtok/s in 2027."""

OFFER: dict[str, Any] = {
    "operator": "fjord",
    "jurisdiction": "NO",
    "lat": 59.9,
    "lon": 10.8,
    "price_usd_per_mtok": 1,
    "most_mtok_s": 30,
}


def renting(horizon: int = 1, offer: Any = None, **changes: Any) -> Instance:
    """The small instance with power for four units of ten Mtok/s, and an offer of tokens."""
    some = {"sites": {"oslo": {"grid_mw": 10}}, "rentals": {"burst": OFFER | (offer or {})}}
    return tiny(horizon=years(horizon), **merged(some, changes))


def two_countries(**changes: Any) -> Instance:
    """Norway asks for work on health data, which stay at home, Kenya on public ones."""
    some = {
        "data_classes": {"health": {"compute": ["HOME"]}},
        "demand": demands(("norway", "health", 2027, 5), ("kenya", "public", 2027, 7)),
        "rentals": {"burst": OFFER},
    }
    return twins(**merged(some, changes))


def test_what_does_not_fit_is_rented() -> None:
    # 50 Mtok/s: four units make 40, ten are rented for 1 USD per Mtok; ten are not short for 10.
    m = solved(renting())

    assert terms(m) == pytest.approx({"unit_capex": 160, "rent": 10 * MTOK})


def test_a_price_decides_between_making_and_buying() -> None:
    # A unit costs 40 MUSD and makes ten Mtok/s: 315.36 million Mtok; bought for 0.12 USD each, they
    # cost 37.8 MUSD. In the two years of its life a unit is cheaper.
    cheap = {"price_usd_per_mtok": 0.12, "most_mtok_s": 100}

    assert terms(solved(renting(1, cheap))) == pytest.approx({"rent": 50 * 0.12 * MTOK})
    # Ten Mtok/s of the fifty do not fit in either year; 2028 has 366 days.
    two = terms(solved(renting(2, cheap)))
    assert two == pytest.approx({"unit_capex": 160, "rent": 10 * 0.12 * (MTOK + 31.6224)})


def test_the_plan_tells_what_is_rented() -> None:
    plan = solve(renting())

    assert plan.violations == ()
    rows = plan.table("rentals").itertuples(index=False, name=None)
    assert list(rows) == [("norway", "chat", "public", "burst", "2027", "all", pytest.approx(10))]
    assert plan.kpis["served_share"] == pytest.approx(1)
    assert plan.kpis["rented_ttok"] == pytest.approx(10 * MTOK)
    limits = plan.table("limits").set_index("limit")
    assert limits.loc["rental", ["use", "allowed"]].tolist() == pytest.approx([10, 30])
    tokens = plan.table("cost_per_mtok").iloc[0]
    assert tokens["mtok"] == pytest.approx(50 * MTOK * 1e6)
    assert tokens["musd"] == pytest.approx(160 + 10 * MTOK)
    cash = plan.table("cash").set_index("term")
    assert cash.loc["rent", "pool"] == ""
    assert plan.kpis["capex_musd"] == pytest.approx(160)


def test_rental_limit_holds_at_the_peak() -> None:
    """(X1)"""
    # At a peak of twice the mean the four units make 20 on average, and of 30 at the peak 15 come.
    inst = renting(workloads={"chat": {"peak_factor": 2}})

    assert optimum(inst) == pytest.approx(160 + 15 * MTOK + 15 * SHORT)
    # The bound of a single stream is as tight: two streams make the row bind.
    rows = demands(("norway", "public", 2027, 25), ("norway", "health", 2027, 25))
    two = renting(demand=rows, data_classes={"health": {}}, offer={"most_mtok_s": 6})
    assert optimum(two) == pytest.approx(160 + 6 * MTOK + 4 * SHORT)
    assert optimum_without(two, lambda m: m.rental_limit) < optimum(two) - 1


def test_least_take_is_paid_once_an_offer_is_used() -> None:
    """(X3)"""
    # Ten are needed, twelve paid.
    inst = renting(offer={"least_mtok_s": 12})
    m = solved(inst)

    assert values(m.rented) == {("burst", "2027"): 1}
    assert terms(m) == pytest.approx({"unit_capex": 160, "rent": 12 * MTOK})
    assert optimum_without(inst, lambda m: m.least_take_minimum) == pytest.approx(160 + 10 * MTOK)
    assert optimum_without(inst, lambda m: m.rental_link) == pytest.approx(160 + 10 * MTOK)
    plan = solve(inst)
    assert plan.violations == ()
    # Whether the two that are paid anyway come or not makes no difference.
    assert plan.table("rental_use")["paid_mtok_s"].tolist() == pytest.approx([12])
    assert plan.objective_musd == pytest.approx(160 + 12 * MTOK)


def test_what_is_bought_beyond_the_least_take_is_paid() -> None:
    """(X2)"""
    inst = renting(offer={"least_mtok_s": 5})

    assert optimum(inst) == pytest.approx(160 + 10 * MTOK)
    # Without it the offer would be emptied for the price of five, and two units would do.
    assert optimum_without(inst, lambda m: m.rental_minimum) == pytest.approx(80 + 5 * MTOK)


def test_an_offer_whose_least_take_is_too_dear_is_not_used() -> None:
    # One of 41 Mtok/s does not fit. Short it costs 315; the least take costs 2 · 25 · 31.5.
    demand = demands(("norway", "public", 2027, 41))
    inst = renting(demand=demand, offer={"least_mtok_s": 25, "price_usd_per_mtok": 2})

    assert optimum(inst) == pytest.approx(160 + SHORT)


def test_offers_obey_the_law_of_sites() -> None:
    groups = group_streams(two_countries(), merge=False)
    assert [group.offers for group in groups.values()] == [("burst",), ("burst",)]

    abroad = two_countries(rentals={"burst": {"jurisdiction": "KE", "lat": -1.3, "lon": 36.8}})
    offers = {j: g.offers for j, g in group_streams(abroad, merge=False).items()}
    assert offers == {"norway/chat/health": (), "kenya/chat/public": ("burst",)}


@pytest.mark.parametrize(
    "law",
    [
        {"operator_home": ["KE"]},
        {"control_plane": ["KE"]},
        {"certification": "exemplar"},
    ],
)
def test_home_control_plane_and_certification_keep_offers_away(law: dict[str, Any]) -> None:
    inst = two_countries(data_classes={"health": {"compute": ["ANY"]} | law})

    assert inst.lawful_offers["norway/chat/health"] == ()
    assert inst.lawful_offers["kenya/chat/public"] == ("burst",)


def test_latency_and_workloads_keep_offers_away() -> None:
    near = {"workloads": {"chat": {"latency_limit_ms": 50}}}
    assert two_countries(**near).lawful_offers["kenya/chat/public"] == ()
    measured = two_countries(**near, rentals={"burst": {"rtt_ms": {"kenya": 40}}})
    assert measured.lawful_offers["kenya/chat/public"] == ("burst",)

    others = two_countries(
        workloads={"other": {"shortfall_price_usd_per_mtok": 1}},
        rentals={"burst": {"workloads": ["other"]}},
    )
    assert set(others.lawful_offers.values()) == {()}


def test_a_stream_without_a_site_may_be_rented_for() -> None:
    # Nothing has a throughput for it, and it must be served.
    inst = tiny(
        workloads={"video": {}},
        demand=demands(("norway", "public", 2027, 3), workload="video"),
        rentals={"burst": OFFER},
    )

    assert terms(solved(inst)) == pytest.approx({"rent": 3 * MTOK})


def test_equivalent_streams_share_their_offers() -> None:
    # The second region is too far from the offer; all else is the same.
    regions = {"south": {"jurisdiction": "NO", "lat": -60, "lon": 10}}
    rows = demands(("norway", "public", 2027, 30), ("south", "public", 2027, 30))
    same = renting(regions=regions, demand=rows)
    other = renting(
        regions=regions,
        demand=rows,
        workloads={"chat": {"latency_limit_ms": 1000}},
        offer={"rtt_ms": {"south": 1500}},
    )

    assert len(group_streams(same, merge=True)) == 1
    assert len(group_streams(other, merge=True)) == 2
    for inst in (same, other):
        assert optimum(inst, merge=True) == pytest.approx(optimum(inst))
        assert solve(inst).violations == ()


def test_rows_of_rental() -> None:
    taking = renting(workloads={"chat": {"peak_factor": 2}}, offer={"least_mtok_s": 4})
    m, j = build_model(taking), "norway/chat/public"

    assert_row(
        m.rental_link["burst", "2027"],
        {f"rent[{j},burst,2027]": 2, "rented[burst,2027]": -30},
        "≤",
        0,
    )
    assert_row(
        m.rental_minimum["burst", "2027"],
        {"rent_paid[burst,2027]": 1, f"rent[{j},burst,2027]": -1},
        "≥",
        0,
    )
    assert_row(
        m.least_take_minimum["burst", "2027"],
        {"rent_paid[burst,2027]": 1, "rented[burst,2027]": -4},
        "≥",
        0,
    )
    assert_row(
        m.demand_balance[j, "2027"],
        {f"flow[{j},oslo,2027]": 1, f"rent[{j},burst,2027]": 1, f"shortfall[{j},2027]": 1},
        "=",
        50,
    )
    assert_row(
        build_model(renting()).rental_limit["burst", "2027"],
        {f"rent[{j},burst,2027]": 1},
        "≤",
        30,
    )


@pytest.mark.parametrize(
    "strict", [{"most_mtok_s": 5}, {"least_mtok_s": 15}, {"workloads": ["none"]}]
)
def test_a_limit_never_lowers_the_cost(strict: dict[str, Any]) -> None:
    workloads = {"none": {"shortfall_price_usd_per_mtok": 1}}
    limited, free = (renting(offer=o, workloads=workloads) for o in (strict, {}))

    assert optimum(limited) >= optimum(free) - 1e-6
    assert optimum(free) <= optimum(renting(rentals={"burst": None})) + 1e-6
    assert cost(solved(free)) == pytest.approx(optimum(free))
