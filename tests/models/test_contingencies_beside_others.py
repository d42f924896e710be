"""Contingencies beside other families: lead times, offers, control planes, origins, slices."""

from math import inf
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from models.build import build_model
from optimizer import solve
from optimizer.compiling import compile_model
from tests.models.test_contingencies import ANY_SITE, HALF, LATE, MTOK, OPEN, two
from tests.small import (
    GEN1,
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    terms,
    values,
)


def test_units_that_may_be_late_are_ordered_early() -> None:
    """6 months late: an order of January is there in July. Two units idle for half a year."""
    on_time = solved(two(**LATE))
    assert values(on_time.order) == {("oslo", "gen1", "2027-07"): 2} or (
        sum(n for (_, _, t), n in values(on_time.order).items() if t == "2027-07") == 2
    )
    m = solved(two(**LATE, contingencies={"late": {"unit_types": {"gen1": 6}}}))

    ordered = values(m.order)
    assert sum(n for (_, _, t), n in ordered.items() if t == "2027-01") == 2
    assert sum(ordered.values()) == 2
    assert cost(m) - cost(on_time) == pytest.approx(2 * 2 * 181 / 365.25)


def test_late_orders_by_exact_dates_of_uneven_periods() -> None:
    """Periods start in January, April 2027 and April 2028. Four months late is May 2027."""
    inst = two(horizon={"start": 2027, "months": [3, 12, 6]},
               contingencies={"late": {"unit_types": {"gen1": 4}, "sites": ["nairobi"]}},
               protection=HALF)  # fmt: skip

    assert inst.late_orders == {
        ("late", "oslo", "gen1", "2027Q1"): ("2027Q1",),
        ("late", "oslo", "gen1", "2027-04"): ("2027Q1", "2027-04"),
        ("late", "oslo", "gen1", "2028-04"): ("2028-04",),
    }


def test_the_row_of_late_units_leaves_them_out() -> None:
    inst = two(**LATE, contingencies={"late": {"unit_types": {"gen1": 6}}})
    m = build_model(inst)
    e = "2027-07 in late"

    assert_row(
        m.contingency_run_limit["oslo", "gen1", e],
        {
            f"contingency_run[oslo,gen1,chat,{e}]": 1,
            "online[oslo,gen1,2027-07]": -1,
            "order[oslo,gen1,2027-07]": 1,
        },
        "≤",
        0,
    )


def test_a_promise_that_cannot_be_kept_leaves_no_plan() -> None:
    small = {"nairobi": OPEN["nairobi"] | {"grid_mw": 5}}  # two units
    assert optimum(two(sites=small, contingencies=ANY_SITE, protection=HALF)) == inf
    assert optimum(
        two(sites=small, contingencies=ANY_SITE, protection=[{"share": 0.4}])
    ) == pytest.approx(40 * 5)


def test_a_stream_with_nowhere_left_is_refused() -> None:
    law = {"public": {"compute": ["NO"]}}
    with pytest.raises(ValidationError, match="in 'any-site: oslo' no lawful site and no offer"):
        two(contingencies=ANY_SITE, protection=HALF, data_classes=law)
    soft = [{"share": 0.5, "price_usd_per_mtok": 1}]
    inst = two(contingencies=ANY_SITE, protection=soft, data_classes=law)
    assert terms(solved(inst)) == pytest.approx(
        {"unit_capex": 200, "contingency_shortfall": 25 * MTOK}
    )


def test_offers_help_and_can_be_lost_with_their_operator() -> None:
    """20 Mtok/s can be bought at the peak of 2 times the mean: 10 in the mean, at no cost then."""
    offer = {"operator": "savanna", "jurisdiction": "KE", "lat": 0, "lon": 36,
             "price_usd_per_mtok": 100, "most_mtok_s": 20}  # fmt: skip
    base: dict[str, Any] = {"protection": HALF, "workloads": {"chat": {"peak_factor": 2}},
                            "demand": demands(("norway", "public", 2027, 25))}  # fmt: skip
    with_offer = two(**base, contingencies=ANY_SITE, rentals={"burst": offer})
    # 12.5 are asked for; with 10 bought, one unit (5 in the mean) is enough at each site.
    assert optimum(two(**base, contingencies=ANY_SITE)) == pytest.approx(6 * 40)
    assert optimum(with_offer) == pytest.approx(5 * 40)
    assert values(solved(with_offer).contingency_rent)
    lost = two(**base, contingencies={"x": {"each": "operator"}}, rentals={"burst": offer})
    assert lost.losses["x: savanna"].offers == ("burst",)
    # Without Savanna's site and offer Oslo needs 3; without Fjord's site Nairobi and the offer 1.
    assert values(solved(lost).order)["oslo", "gen1", "2027"] >= 3
    taking = two(**base, contingencies=ANY_SITE, rentals={"burst": offer | {"least_mtok_s": 1}})
    assert optimum(taking) == pytest.approx(6 * 40)


def test_a_local_control_plane_makes_routes_lawful_in_contingencies_too() -> None:
    """Kenyan data must be steered from Kenya, as Oslo is; Nairobi is steered from Norway.

    A unit at each site makes the 5 that are protected; in Nairobi only with a plane, for 7.
    """
    inst = two(
        operators={
            "fjord": {"control_plane_jurisdiction": "KE"},
            "savanna": {"control_plane_jurisdiction": "NO"},
        },
        data_classes={"health": {"control_plane": ["HOME"]}},
        demand=demands(("kenya", "health", 2027, 10)),
        contingencies=ANY_SITE,
        protection=HALF,
        local_control_planes=[{"site": "nairobi", "cost_musd": 7}],
    )

    assert optimum(inst) == pytest.approx(2 * 40 + 7)
    assert optimum_without(inst, lambda m: m.contingency_steering_link) == pytest.approx(2 * 40)


def test_the_origin_of_supply_counts_in_contingencies_too() -> None:
    """Data that ask for units from Norway need one at each site; others share the rest."""
    inst = two(
        unit_types={"gen2": GEN1 | {"capex_musd": 60, "origin": ["NO"]}},
        throughput=[{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")],
        data_classes={"health": {"supply_origin": ["NO"]}},
        demand=demands(("norway", "public", 2027, 30), ("norway", "health", 2027, 10)),
        contingencies=ANY_SITE,
        protection=[{"data_class": "health", "share": 1}],
    )

    assert optimum(inst) == pytest.approx(2 * 60 + 2 * 40)
    assert optimum_without(inst, lambda m: m.contingency_origin_limit) == pytest.approx(60 + 3 * 40)


def test_without_contingencies_the_matrix_is_the_same() -> None:
    plain, unused = two(), two(protection=HALF)
    first, second = (compile_model(build_model(one), one).matrix for one in (plain, unused))

    for name in ("cost", "row_lower", "row_upper", "lower", "upper", "whole"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert (first.rows != second.rows).nnz == 0


def test_deferrable_work_does_not_move_in_a_contingency() -> None:
    """All of it could wait for the night; in a contingency each half of the day asks for its own.

    100 by day, none to speak of at night: 50 in the mean, 5 units. Without a site 0.5 · 100.
    """
    slices = {"day": {"from_hour": 0, "hours": 12}, "night": {"from_hour": 12, "hours": 12}}
    profile = [1.0] * 12 + [0.001] * 12
    waits = {"chat": {"daily_profile": profile, "deferrable_share": 1}}
    base: dict[str, Any] = {"slices": slices, "workloads": waits,
                            "regions": {"norway": {"utc_offset_hours": 0}}}  # fmt: skip
    assert optimum(two(**base)) == pytest.approx(5 * 40)
    assert optimum(two(**base, contingencies=ANY_SITE, protection=HALF)) == pytest.approx(10 * 40)


@pytest.mark.parametrize(
    "changes",
    [
        {
            "rentals": {
                "burst": {"operator": "savanna", "jurisdiction": "KE", "lat": 0, "lon": 36}
                | {"price_usd_per_mtok": 100, "most_mtok_s": 20}
            },
            "contingencies": ANY_SITE | {"one": {"each": "operator", "share": 0.2}},
        },
        {
            "operators": {
                "fjord": {"control_plane_jurisdiction": "KE"},
                "savanna": {"control_plane_jurisdiction": "NO"},
            },
            "data_classes": {"health": {"control_plane": ["HOME"]}},
            "demand": demands(("kenya", "health", 2027, 10)),
            "local_control_planes": [{"site": "nairobi", "cost_musd": 7}],
        },
        {
            "unit_types": {"gen2": GEN1 | {"capex_musd": 60, "origin": ["NO"]}},
            "throughput": [
                {"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")
            ],
            "data_classes": {"health": {"supply_origin": ["NO"]}},
            "demand": demands(("norway", "public", 2027, 30), ("norway", "health", 2027, 10)),
        },
    ],
    ids=["offers", "control planes", "origins"],
)
def test_such_plans_pass_the_checker(changes: dict[str, Any]) -> None:
    plan = solve(two(**{"contingencies": ANY_SITE, "protection": HALF} | changes))

    assert plan.violations == ()
    assert plan.status == "optimal"
    offers = plan.table("contingency_rentals")
    assert offers.empty == ("rentals" not in changes)
