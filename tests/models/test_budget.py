"""Budget: a pool spends no more than it was granted, and keeps or loses what it did not spend."""

from typing import Any

import pytest

from models.build import build_model
from models.finance import granted
from tests.small import (
    SHORT,
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    tiny,
    twins,
    values,
    years,
)


def pool(**changes: Any) -> dict[str, Any]:
    """One pool for all sites."""
    return {"pools": {"world": changes}}


def test_unspent_balance_spends_only_what_was_granted() -> None:
    """(B1) with carry-over"""
    # 130 MUSD buy three units in 2027 and leave 10; with 70 more, two units follow in 2028.
    inst = tiny(horizon=years(2), budget=pool(grants={2027: 130, 2028: 70}))
    m = solved(inst)

    assert cost(m) == pytest.approx(5 * 40 + 20 * SHORT)
    assert values(m.order) == {("oslo", "gen1", "2027"): 3, ("oslo", "gen1", "2028"): 2}
    assert values(m.unspent) == {("world", "2027"): 10}
    assert optimum_without(inst, lambda m: m.unspent_balance) == pytest.approx(5 * 40)


def test_spend_limit_loses_what_is_not_spent() -> None:
    """(B1) without carry-over"""
    # The 10 MUSD of 2027 are lost: 70 in 2028 buy one unit, and the fifth is missing for good.
    grants = {2027: 130, 2028: 70}
    inst = tiny(horizon=years(2), budget=pool(grants=grants, carry_over=False))
    short_28 = 10 * 10 * 366 * 86_400 / 1e6

    assert optimum(inst) == pytest.approx(4 * 40 + 20 * SHORT + short_28)
    assert optimum_without(inst, lambda m: m.spend_limit) == pytest.approx(5 * 40)


def test_a_grant_counts_once_from_the_period_that_starts_on_its_date_or_later() -> None:
    # Before the horizon and on its first day: the first period. In the course of 2027: 2028.
    # After the first day of the last period: never.
    grants = {2020: 1, 2027: 2, "2027-01-02": 4, "2027-12": 8, 2028: 16, "2028-02": 32}
    inst = tiny(horizon=years(2), budget=pool(grants=grants))

    assert granted(inst, "world") == {"2027": 1 + 2, "2028": 4 + 8 + 16}


def test_a_grant_without_a_date_is_there_from_the_start() -> None:
    inst = tiny(horizon=years(2), budget=pool(grants=80))

    assert granted(inst, "world") == {"2027": 80, "2028": 0}


def test_a_pool_pays_for_opening_halls_and_units_of_its_sites_only() -> None:
    # Nairobi takes 10 + 20 + 40 for 10 Mtok/s, Oslo 40. The African pool has a cent too little;
    # Oslo has no pool, so its money has no limit.
    demand = demands(("kenya", "public", 2027, 10), ("norway", "public", 2027, 10))
    rest = {
        "data_classes": {"public": {"compute": ["HOME"]}},
        "sites": {"nairobi": {"open_cost_musd": 10}},
        "demand": demand,
    }
    africa = {"pools": {"africa": {"continents": ["africa"], "grants": {2027: 70}}}}

    assert optimum(twins(budget=africa, **rest)) == pytest.approx(70 + 40)
    africa["pools"]["africa"]["grants"] = {2027: 69.99}
    assert optimum(twins(budget=africa, **rest)) == pytest.approx(10 * SHORT + 40)


@pytest.mark.parametrize(
    ("names", "pool_of_oslo"),
    [
        ({"a": {}, "b": {"continents": ["europe"]}}, "b"),
        ({"a": {"continents": ["europe"]}, "b": {"jurisdictions": ["EEA"]}}, "b"),
        ({"a": {"jurisdictions": ["NO"]}, "b": {"operators": ["fjord"]}}, "b"),
        ({"a": {"operators": ["fjord"]}, "b": {"sites": ["oslo"]}}, "b"),
        ({"a": {"sites": ["nairobi"]}}, None),
    ],
)
def test_a_site_draws_on_the_pool_that_names_it_most_closely(
    names: dict[str, Any], pool_of_oslo: str | None
) -> None:
    pools = {name: {"grants": {2027: 1}} | covers for name, covers in names.items()}

    assert twins(budget={"pools": pools}).pool_of["oslo"] == pool_of_oslo


def spending() -> dict[str, float]:
    """What is paid in 2028 at both sites, as in the instance of `two_sites`."""
    return {
        "open_site[oslo,2028]": 7,
        "hall[oslo,2028]": 4 * 5,
        "order[oslo,gen1,2028]": 40 * 1.1,
        "open_site[nairobi,2028]": 10,
        "hall[nairobi,2028]": 4 * 5,
        "order[nairobi,gen1,2028]": 40,
    }


def two_sites(**changes: Any) -> Any:
    sites = {
        "oslo": {"open_cost_musd": 7, "unit_capex_factor": 1.1},
        "nairobi": {"open_cost_musd": 10},
    }
    grants = {2027: 100, 2028: 30, "2028-06": 50}
    return twins(horizon=years(2), sites=sites, budget=pool(grants=grants, **changes))


def test_rows_of_a_pool_with_carry_over() -> None:
    m = build_model(two_sites())

    assert_row(
        m.unspent_balance["world", "2028"],
        {"unspent[world,2028]": 1, "unspent[world,2027]": -1} | spending(),
        "=",
        30,
    )
    first = {name.replace("2028", "2027"): price for name, price in spending().items()}
    assert_row(m.unspent_balance["world", "2027"], {"unspent[world,2027]": 1} | first, "=", 100)


def test_rows_of_a_pool_without_carry_over() -> None:
    m = build_model(two_sites(carry_over=False))

    assert_row(m.spend_limit["world", "2028"], spending(), "≤", 30)
