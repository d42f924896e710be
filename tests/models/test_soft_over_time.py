"""Soft limits over time, and what cannot be soft."""

import pytest

from models.build import build_model
from models.checks import find_warnings
from models.problems import InstanceError
from tests.models.test_soft import BOUND, YEAR, planned, soft, violated
from tests.small import (
    SHORT,
    demands,
    optimum,
    optimum_without,
    tiny,
    years,
)


@pytest.mark.parametrize("carry_over", [True, False])
def test_what_is_overspent_once_is_paid_once(carry_over: bool) -> None:
    # 80 MUSD granted each year; five units are needed in 2027, none later.
    pool = {"grants": {2027: 80, 2028: 80}, "carry_over": carry_over}
    inst = tiny(horizon=years(2), budget={"pools": {"all": pool}}, soft_limits=soft("budget", 0.1))
    contents = planned(inst)

    assert violated(contents) == {("budget", "all", "2027"): 120}
    assert contents.costs_musd["violations"] == pytest.approx(12)
    limits = contents.tables["limits"]
    rows = limits[limits["limit"] == "budget"].set_index("period")["slack"].to_dict()
    assert rows == pytest.approx({"2027": -120, "2028": -40 if carry_over else 80})


@pytest.mark.parametrize("carry_over", [True, False])
def test_quotas_over_time(carry_over: bool) -> None:
    # Two a year; three units are needed in 2027, seven from 2028 on. Later is cheaper.
    quota = {"unit_types": ["gen1"], "per_year": 2, "carry_over": carry_over}
    inst = tiny(
        horizon=years(3),
        finance={"discount_rate_per_year": 0.1},
        demand=demands(("norway", "public", 2027, 30), ("norway", "public", 2028, 70)),
        quotas={"few": quota},
        soft_limits=soft("quota", 0.5),
    )
    contents = planned(inst)

    # 2028 asks for four more: two over. In sums: 1 over in 2027, 3 over up to 2028.
    assert violated(contents) == {("quota", "few", "2027"): 1, ("quota", "few", "2028"): 2}
    discounted = 0.5 + 2 * 0.5 * 1.1 ** (-365 / 365.25)
    assert contents.costs_musd["violations"] == pytest.approx(discounted)


def test_borrowing_over_the_limit() -> None:
    # 120 granted in 2027, 80 in 2028; 50 may be borrowed at 10 % and 80 are needed for a year.
    pool = {"grants": {2027: 120, 2028: 100}, "borrowing": 50, "interest_per_year": 0.1}
    inst = tiny(
        horizon=years(2), budget={"pools": {"all": pool}}, soft_limits=soft("borrowing", 0.2)
    )
    contents = planned(inst)

    assert violated(contents) == {("borrowing", "all", "2027"): 30}
    cost = {"unit_capex": 200, "interest": 8 * YEAR, "violations": 6 * YEAR}
    assert {k: v for k, v in contents.costs_musd.items() if v} == pytest.approx(cost)
    assert optimum(inst.with_changes({"soft_limits.borrowing.price_musd": 1e4})) == pytest.approx(
        optimum(inst.with_changes({"soft_limits": []}))
    )


def test_an_offer_is_used_before_it_is_exceeded() -> None:
    """(X4): who rents beyond the most pays the least take."""
    offer = {"operator": "fjord", "jurisdiction": "NO", "lat": 59, "lon": 10}
    offer |= {"price_usd_per_mtok": 1, "most_mtok_s": 30, "least_mtok_s": 25}
    inst = tiny(
        rentals={"burst": offer},
        unit_types={"gen1": {"capex_musd": 4000}},
        demand=demands(("norway", "public", 2027, 5)),
        soft_limits=soft("rental", 0.001),
    )

    # 5 Mtok/s are rented and 25 paid for, 31.536 MUSD each.
    assert optimum(inst) == pytest.approx(25 * SHORT / 10)
    assert optimum_without(inst, lambda m: m.rental_excess_link) < 6 * SHORT / 10


def test_dates_and_the_later_row() -> None:
    # The connection is short by 5 MW in three years; it may be overdrawn in 2028 for 1, else for 2.
    rows = [
        *soft("site_power", 2),
        *soft("site_power", 1, at=["oslo"], from_date=2028, until_date=2029),
    ]
    inst = tiny(horizon=years(3), sites={"oslo": {"grid_mw": 7.5}}, soft_limits=rows)
    missed = planned(inst).tables["violations"].set_index("period")

    assert missed["price_musd"].to_dict() == {"2027": 2, "2028": 1, "2029": 2}
    only = inst.with_changes({"soft_limits": rows[1:]})
    assert list(only.soft) == [("site_power", "oslo", "2028")]


def test_discounting() -> None:
    # Sums count on the first day of 2028, 365 days on; what holds counts in the middle of 2028.
    later = {"horizon": years(2), "finance": {"discount_rate_per_year": 0.1}}
    demand = demands(("norway", "public", 2027, 0), ("norway", "public", 2028, 50))
    grants = {"pools": {"all": {"grants": {2028: 120}}}}
    paid = tiny(**later, demand=demand, budget=grants, soft_limits=soft("budget", 0.2))
    drawn = tiny(
        **later, demand=demand, sites={"oslo": {"grid_mw": 7.5}}, soft_limits=soft("site_power", 2)
    )

    assert planned(paid).costs_musd["violations"] == pytest.approx(16 * 1.1 ** (-365 / 365.25))
    assert planned(drawn).costs_musd["violations"] == pytest.approx(
        10 * 366 / 365.25 * 1.1 ** (-(365 + 183) / 365.25)
    )


def test_units_that_overload_at_the_start_are_let_stand() -> None:
    fleet = [{"site": "oslo", "unit_type": "gen1", "in_service": 2026, "units": 4}]
    hard = {"initial_units": fleet, "sites": {"oslo": {"grid_mw": 7.5}}}
    with pytest.raises(ValueError, match="grid connection carries"):
        tiny(**hard)

    contents = planned(tiny(**hard, soft_limits=soft("site_power", 0.1)))
    assert violated(contents) == {("site_power", "oslo", "2027"): 5}


def test_a_hard_limit_has_no_variable() -> None:
    inst = tiny(budget={"pools": {"all": {"grants": 120}}})
    soft_elsewhere = inst.with_changes({"soft_limits": soft("budget", 1, most=0)})

    assert not list(build_model(inst).excess)
    assert not list(build_model(soft_elsewhere).excess)
    assert optimum(soft_elsewhere) == pytest.approx(optimum(inst))


def test_a_most_that_nothing_bounds_must_be_given() -> None:
    with pytest.raises(InstanceError, match=r"must be given for capital_share"):
        BOUND["capital_share"][0].with_changes({"soft_limits": soft("capital_share", 1)})
    with pytest.raises(InstanceError, match="has no meaning for min_build"):
        BOUND["min_build"][0].with_changes({"soft_limits": soft("min_build", 1, from_date=2027)})


def test_warnings() -> None:
    unused = tiny(soft_limits=[*soft("quota", 1), *soft("halls", 1, from_date=2040)])

    messages = [warning.message for warning in find_warnings(unused)]
    assert "has no effect: nothing has the limit quota." in messages
    assert any("no period starts then" in message for message in messages)


def test_changes() -> None:
    inst = tiny(budget={"pools": {"all": {"grants": 120}}}, soft_limits=soft("budget", 0.2))

    assert inst.with_changes({"soft_limits.budget.scale": 2}).soft_limits[0].price_musd == 0.4
    assert inst.with_changes({"soft_limits.budget.remove": True}).soft_limits == ()
