"""Capital over time: payment profiles and borrowing."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from models.build import build_model
from models.entities.payments import Payments
from models.instance import Instance
from models.payments import discounted, dues
from tests.small import (
    SHORT,
    assert_row,
    coefficients,
    cost,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    twins,
    values,
    years,
)

SHORT_28 = 10 * 366 * 86_400 / 1e6
"""Cost of 1 Mtok/s of chat not served in 2028 [MUSD]."""


def pool(**changes: Any) -> dict[str, Any]:
    """One pool for all sites."""
    return {"pools": {"world": changes}}


def paying(*, grants: Any, months: int = 1, **changes: Any) -> Instance:
    """Two years, one pool, and a profile: 30 % with the order, the rest after 6 and 12 months."""
    units = {"gen1": {"payments": {0: 0.3, 6: 0.2, 12: 0.5}}}
    return tiny(horizon=years(2), budget=pool(grants=grants, **changes), unit_types=units)


# Payment profiles


def test_a_profile_is_paid_when_its_dates_come() -> None:
    # Five units at 40 in 2027: 60 with the order and 40 in July are paid in 2027, 100 in 2028.
    inst = paying(grants={2027: 100, 2028: 100})
    m = solved(inst)

    assert values(m.order) == {("oslo", "gen1", "2027"): 5}
    assert values(m.unspent) == {}
    assert cost(m) == pytest.approx(200)


def test_a_grant_too_small_for_the_first_payments_delays_units() -> None:
    # 99 MUSD pay the 20 of four units; the fifth is ordered in 2028, whose 80 + 40 are there:
    # what falls due in 2029 (20) counts in 2028. With 139 in 2028 one unit is short for good.
    inst = paying(grants={2027: 99, 2028: 101})
    late = 4 * 20 + 10 * SHORT + 80 + 40

    assert optimum(inst) == pytest.approx(late)
    assert optimum_without(inst, lambda m: m.unspent_balance) == pytest.approx(200)
    poor = paying(grants={2027: 99, 2028: 100.9})
    assert optimum(poor) == pytest.approx(160 + 10 * SHORT + 10 * SHORT_28)


def test_what_is_due_after_the_horizon_counts_in_its_last_period() -> None:
    # All is paid two years after the order, at the end of 2028 and after it. Nothing is free.
    units = {"gen1": {"payments": {24: 1.0}}}
    inst = tiny(horizon=years(1), budget=pool(grants={2027: 80}), unit_types=units)

    assert values(solved(inst).order) == {("oslo", "gen1", "2027"): 2}


def test_payments_are_discounted_from_their_own_days() -> None:
    # 40 · (0.3 + 0.2 / 1.1^(181/365.25) + 0.5 / 1.1^(365/365.25)) for an order on 1 January 2027;
    # a year later 182 and 366 days on, both from there; the last lies after the horizon.
    inst = tiny(
        horizon=years(2),
        finance={"discount_rate_per_year": 0.1},
        unit_types={"gen1": {"payments": {0: 0.3, 6: 0.2, 12: 0.5}}},
    )
    m = build_model(inst)

    def df(days: int) -> float:
        return float(1.1 ** (-days / 365.25))

    assert coefficients(m.cost_musd["unit_capex"].expr) == pytest.approx(
        {
            "order[oslo,gen1,2027]": 40 * (0.3 + 0.2 * df(181) + 0.5 * df(365)),
            "order[oslo,gen1,2028]": 40 * (0.3 * df(365) + 0.2 * df(365 + 182) + 0.5 * df(731)),
        }
    )


def test_halls_and_openings_have_profiles_of_their_own() -> None:
    nairobi = {
        "open_cost_musd": 10,
        "open_payments": {0: 0.4, 12: 0.6},
        "hall_payments": {3: 0.5, 12: 0.5},
    }
    m = build_model(
        twins(
            horizon=years(2),
            sites={"nairobi": nairobi},
            budget={"pools": {"africa": {"sites": ["nairobi"], "grants": {2027: 50}}}},
        )
    )

    # A hall costs 20. In 2028 fall due: the rest of 2027, and all of 2028.
    assert coefficients(m.spend_musd["africa", "2028"].expr) == pytest.approx(
        {
            "open_site[nairobi,2027]": 6,
            "open_site[nairobi,2028]": 10,
            "hall[nairobi,2027]": 10,
            "hall[nairobi,2028]": 20,
            "order[nairobi,gen1,2028]": 40,
        }
    )


def test_dates_of_payments_fall_into_periods() -> None:
    inst = tiny(horizon={"start": "2027-01-31", "months": 3, "count": 2})
    first, second = inst.periods

    found = dues(inst, {0: 0.25, 2: 0.25, 3: 0.25, 9: 0.25}, first)
    assert [due.period for due in found] == [first, first, second, second]
    assert [str(due.day) for due in found] == [
        "2027-01-31", "2027-03-31", "2027-04-30", "2027-10-31",
    ]  # fmt: skip
    assert discounted(inst, {0: 1.0}, first) == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({0: 1}, {0: 1.0}),
        ({"12": 0.5, "0": "0.5"}, {0: 0.5, 12: 0.5}),
        ("0: 0.3; 6: 0.7", {0: 0.3, 6: 0.7}),
        ({0: 1 / 3, 1: 1 / 3, 2: 1 / 3}, {0: 1 / 3, 1: 1 / 3, 2: 1 / 3}),
    ],
)
def test_profiles_are_read(written: object, read: dict[int, float]) -> None:
    assert TypeAdapter(Payments).validate_python(written) == read


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({0: 0.3, 6: 0.3}, "add up to 1, but they add up to 0.6"),
        ({}, "add up to 1, but they add up to 0"),
        ({-1: 1}, "greater than or equal to 0"),
        ({0: 0, 1: 1}, "greater than 0"),
        ("0.3; 0.7", "must be shares by months"),
        ("0: 0.5; 0: 0.5", "gives the months 0 twice"),
        (1, "dictionary"),
    ],
)
def test_profiles_that_are_none_are_refused(written: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TypeAdapter(Payments).validate_python(written)


# Borrowing


def borrowing(limit: Any = 60, **changes: Any) -> Instance:
    """130 MUSD in 2027 and 70 in 2028, for five units at 40."""
    grants = {2027: 130, 2028: 100}
    credit = {"borrowing": limit, "interest_per_year": 0.1}
    return tiny(horizon=years(2), budget=pool(grants=grants, **credit, **changes))


@pytest.mark.parametrize("carry_over", [True, False])
def test_a_pool_borrows_until_its_next_grant(carry_over: bool) -> None:
    # 200 for five units in 2027: 130 granted, 70 borrowed, and 10 % on them for 365 days.
    inst = borrowing(70, carry_over=carry_over)
    m = solved(inst)
    interest = 70 * 0.1 * 365 / 365.25

    assert values(m.debt) == {("world", "2027"): 70}
    assert terms(m) == pytest.approx({"unit_capex": 200, "interest": interest})


@pytest.mark.parametrize("carry_over", [True, False])
def test_the_limit_of_borrowing_binds(carry_over: bool) -> None:
    # 60 are too few for the fifth unit: 30 are borrowed for the fourth, and the fifth follows in
    # 2028, from 100 less 30 and their interest.
    inst = borrowing(60, carry_over=carry_over)
    interest = 30 * 0.1 * 365 / 365.25
    assert optimum(inst) == pytest.approx(200 + 10 * SHORT + interest)


@pytest.mark.parametrize("carry_over", [True, False])
def test_the_limit_of_each_period_binds(carry_over: bool) -> None:
    # As before, but the limit is 60 in 2027 and 80 in 2028; with 70 in 2027 all five were there.
    credit = {"borrowing": {2027: 60, 2028: 80}, "interest_per_year": 0.1}
    grants = {2027: 130, 2028: 100}
    budget = pool(grants=grants, carry_over=carry_over, **credit)
    inst = tiny(horizon=years(3), budget=budget)
    year = 0.1 * 365 / 365.25

    assert optimum(inst) == pytest.approx(200 + 10 * SHORT + 30 * year)
    lifted = optimum_without(inst, lambda m: m.borrowing_limit)
    assert lifted == pytest.approx(200 + 70 * year)


def test_debt_is_repaid_from_grants() -> None:
    # 2028 grants too little to repay 30 with interest, so nothing is borrowed; if grants after the
    # horizon repay it, it is: for two years, the second one's interest due at its end, and paid
    # in 2028 as far as the pool is concerned.
    changes: dict[str, Any] = {"grants": {2027: 130, 2028: 20}, "borrowing": 50}
    inst = tiny(horizon=years(2), budget=pool(**changes))
    assert optimum(inst) == pytest.approx(3 * 40 + 20 * SHORT + 20 * SHORT_28)

    changes |= {"debt_at_end": "owed", "interest_per_year": 0.1}
    m = solved(tiny(horizon=years(2), budget=pool(**changes)))
    assert values(m.order) == {("oslo", "gen1", "2027"): 4}
    # 130 + 30 − 160 in 2027. In 2028: debt = 30 − 20 + interest of both years.
    first, second = 0.1 * 365 / 365.25, 0.1 * 366 / 365.25
    owed = (30 - 20 + 30 * first) / (1 - second)
    assert values(m.debt) == pytest.approx(
        {("world", "2027"): 30, ("world", "2028"): owed}, abs=1e-5
    )
    assert terms(m)["interest"] == pytest.approx(30 * first + owed * second)


def test_rows_of_a_pool_that_borrows() -> None:
    first = 0.05 * 365 / 365.25
    changes = {"borrowing": {2027: 30, 2028: 20}, "interest_per_year": 0.05}
    horizon, grants = years(3), {2027: 100, 2028: 10}
    m = build_model(tiny(horizon=horizon, budget=pool(grants=grants, **changes)))

    assert_row(
        m.unspent_balance["world", "2028"],
        {
            "unspent[world,2028]": 1,
            "unspent[world,2027]": -1,
            "hall[oslo,2028]": 20,
            "order[oslo,gen1,2028]": 40,
            "debt[world,2028]": -1,
            "debt[world,2027]": 1 + first,
        },
        "=",
        10,
    )
    assert_row(m.borrowing_limit["world", "2028"], {"debt[world,2028]": 1}, "≤", 20)
    assert_row(m.borrowing_limit["world", "2029"], {"debt[world,2029]": 1}, "≤", 0)
    strict = build_model(
        tiny(horizon=horizon, budget=pool(grants=grants, carry_over=False, **changes))
    )
    assert_row(
        strict.spend_limit["world", "2028"],
        {
            "hall[oslo,2028]": 20,
            "order[oslo,gen1,2028]": 40,
            "debt[world,2028]": -1,
            "debt[world,2027]": 1 + first,
        },
        "≤",
        10,
    )


def test_without_any_of_it_nothing_is_added() -> None:
    m = build_model(tiny(budget=pool(grants={2027: 100})))
    for name in ("debt", "borrowing_limit", "interest_musd", "opex_musd", "opex_limit"):
        assert len(m.component(name)) == 0
