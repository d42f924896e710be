"""Commitments: what is frozen, what stands, and what changing it costs; solved by hand."""

from math import inf
from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from models.problems import InstanceError
from tests.small import (
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    values,
    years,
)

FALLING = demands(("norway", "public", 2027, 10), ("norway", "public", 2028, 20))


def on_order(*units: int, **changes: Any) -> dict[str, Any]:
    """So many units on order at Oslo in 2027, 2028 and so on."""
    rows = [
        {"site": "oslo", "unit_type": "gen1", "period": 2027 + i, "units": n}
        for i, n in enumerate(units)
    ]
    return {"orders": rows} | changes


def planned(commitments: dict[str, Any], **changes: Any) -> Instance:
    """2027 asks for one unit, 2028 and 2029 for two: 10 and 20 Mtok/s at 10 per unit."""
    return tiny(**({"horizon": years(3), "demand": FALLING, "commitments": commitments} | changes))


def test_without_prices_of_change_a_commitment_is_firm() -> None:
    # Two units would do; five are on order: 5 · 40 MUSD.
    m = solved(planned(on_order(2, 3)))

    assert terms(m) == pytest.approx({"unit_capex": 200})
    assert values(m.order) == {("oslo", "gen1", "2027"): 2, ("oslo", "gen1", "2028"): 3}
    assert not len(m.cancelled)
    assert not len(m.delayed)


def test_more_can_be_ordered_at_no_extra_price() -> None:
    m = solved(planned(on_order(1)))

    assert terms(m) == pytest.approx({"unit_capex": 80})
    assert sum(values(m.order).values()) == 2


def test_what_is_not_needed_is_cancelled() -> None:
    """(W1) binds: the third and fourth unit cost a quarter of 40 MUSD each to be rid of."""
    inst = planned(on_order(2, 2, cancel_share=0.25))
    m = solved(inst)

    assert terms(m) == pytest.approx({"unit_capex": 80, "changes": 20})
    # Any two of the four: nothing is discounted.
    assert sum(values(m.cancelled).values()) == 2
    assert optimum_without(inst, lambda m: m.commitment_minimum) == pytest.approx(80)


def test_what_is_needed_later_is_delayed() -> None:
    """(W2) binds: a delayed unit has to be ordered later."""
    # Two units on order in 2027, one of them wanted in 2028 only. With a discount rate of 10 % a
    # unit costs 40 now and 40 / 1.1^(365/365.25) in 2028: the delay for 2 MUSD saves 3.63.
    inst = planned(on_order(2, delay_share=0.05), finance={"discount_rate_per_year": 0.1})
    later = 1.1 ** (-365 / 365.25)
    m = solved(inst)

    assert terms(m) == pytest.approx({"unit_capex": 40 + 40 * later, "changes": 2})
    assert values(m.delayed) == {("oslo", "units", "gen1", "2027"): 1}

    # In a year that needs no second unit, nothing comes later, and nothing can be delayed.
    flat = planned(on_order(2, delay_share=0.05), demand=FALLING[:1])
    assert terms(solved(flat)) == pytest.approx({"unit_capex": 80})
    assert optimum_without(flat, lambda m: m.delay_limit) == pytest.approx(40 + 2)


def test_each_later_order_takes_one_delay() -> None:
    # Four units on order in 2027 and 2028; one is needed in 2027, one more in 2028 and no other:
    # of the three that are too many, only those which something later replaces can be delayed.
    # Nothing is discounted, so a delay never pays; the fourth unit is bought although it idles.
    inst = planned(on_order(2, 2, delay_share=0.01))
    assert cost(solved(inst)) == pytest.approx(160)


def test_nothing_else_happens_in_frozen_periods() -> None:
    """(W3) binds: the unit that 2027 asks for is not on order, and has to wait."""
    inst = planned(on_order(0, 0, frozen_until=2028))
    m = solved(inst)

    assert terms(m) == pytest.approx({"unit_capex": 80, "shortfall": 10 * 315.36})
    assert optimum_without(inst, lambda m: m.frozen_limit) == pytest.approx(80)


def test_frozen_commitments_cannot_be_changed() -> None:
    inst = planned(on_order(3, 1, frozen_until="2027-01-02", cancel_share=0.1, delay_share=0.1))
    m = solved(inst)

    # Three in 2027 are frozen; the one of 2028 is cancelled for 4 MUSD.
    assert terms(m) == pytest.approx({"unit_capex": 120, "changes": 4})


def test_openings_halls_and_upgrades_are_committed_likewise() -> None:
    oslo = {"grid_mw": 0, "opened": False, "open_cost_musd": 11, "initial_hall_mw": 0}
    line = {"site": "oslo", "added_mw": 25, "cost_musd": 7}
    agreed = {
        "openings": [{"site": "oslo", "period": 2027}],
        "halls": [{"site": "oslo", "period": 2027, "blocks": 2}],
        "upgrades": [{"upgrade": "line", "period": 2027}],
    }
    inst = planned(agreed, sites={"oslo": oslo}, grid_upgrades={"line": line}, demand=FALLING[:1])
    # One unit, one hall of 4 MW (20 MUSD) would do; a second hall is committed.
    spent = {"site_opening": 11, "grid_upgrade": 7, "hall_capex": 40, "unit_capex": 40}
    assert terms(solved(inst)) == pytest.approx(spent)

    # All of it given up for a tenth of 11 + 2 · 20 + 7 MUSD, where nothing is worth serving.
    idle = inst.with_changes(
        {"workloads.chat.shortfall_price_usd_per_mtok": 0, "commitments.cancel_share": 0.1}
    )
    assert terms(solved(idle)) == pytest.approx({"changes": 5.8})


def test_rows_of_commitments() -> None:
    m = build_model(
        planned(on_order(1, 2, 3, frozen_until=2028, cancel_share=0.2, delay_share=0.1))
    )

    assert_row(
        m.commitment_minimum["oslo", "units", "gen1", "2027"],
        {"order[oslo,gen1,2027]": 1},
        "≥",
        1,
    )
    assert_row(
        m.commitment_minimum["oslo", "units", "gen1", "2028"],
        {
            "order[oslo,gen1,2028]": 1,
            "cancelled[oslo,units,gen1,2028]": 1,
            "delayed[oslo,units,gen1,2028]": 1,
        },
        "≥",
        2,
    )
    assert_row(
        m.delay_limit["oslo", "units", "gen1", "2028"],
        {
            "delayed[oslo,units,gen1,2028]": 1,
            "order[oslo,gen1,2029]": -1,
            "cancelled[oslo,units,gen1,2029]": -1,
        },
        "≤",
        -3,
    )
    assert_row(
        m.frozen_limit["oslo", "units", "gen1", "2027"], {"order[oslo,gen1,2027]": 1}, "≤", 1
    )
    assert {key[3] for key in m.FROZEN} == {"2027"}


def test_the_pool_pays_for_changes() -> None:
    # 30 MUSD in 2027 pay for no unit of 40; giving one up for 20 is all that can be paid.
    pools = {"pools": {"world": {"grants": {2027: 30, 2028: 50}, "carry_over": False}}}
    inst = planned(on_order(1, cancel_share=0.5), budget=pools)
    m = solved(inst)
    assert terms(m)["changes"] == pytest.approx(20)

    poorer = inst.with_changes({"budget.pools.world.grants.2027": 15})
    assert optimum(poorer) == inf


def test_an_instance_without_commitments_has_no_row_of_them() -> None:
    m = build_model(tiny())

    for name in ("cancelled", "delayed", "commitment_minimum", "delay_limit", "frozen_limit"):
        assert not len(m.component(name))


LATE = {"available_from": 2028}
LINE = {"site": "oslo", "added_mw": 5, "cost_musd": 1, "lead_months": 24}
CLOSED = {"oslo": {"opened": False, "initial_hall_mw": 0}}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"commitments": on_order(11)}, "ordered in 2027: the grid connection carries 10 units"),
        (
            {"commitments": on_order(6, 6, frozen_until=2029)},
            "in 2028 the units committed at 'oslo', with those there already, need 30 MW at the "
            "meter, but its grid connection carries 25 MW",
        ),
        ({"unit_types": {"gen1": LATE}, "commitments": on_order(1)}, "'gen1' is not for sale then"),
        (
            {"unit_types": {"gen1": {"cooling": "air"}, "gen2": {**LATE, "generation": "two",
             "cooling": "liquid", "it_mw": 1, "capex_musd": 1, "life_years": 5}},
             "commitments": on_order(1)},
            "the site has no air cooling",
        ),
        ({"unit_types": {"gen1": {"lead_months": 36}}, "commitments": on_order(1)},
         "they would serve no period"),
        ({"commitments": {"openings": [{"site": "oslo", "period": 2027}]}}, "is open already"),
        (
            {"sites": CLOSED, "commitments": {"openings": [{"site": "oslo", "period": 2027},
             {"site": "oslo", "period": 2028}]}},
            "is committed a second time",
        ),
        (
            {"grid_upgrades": {"line": LINE},
             "commitments": {"upgrades": [{"upgrade": "line", "period": 2028}]}},
            "would carry power in no period",
        ),
        (
            {"sites": {"oslo": {"hall_lead_months": 36}},
             "commitments": {"halls": [{"site": "oslo", "period": 2027, "blocks": 1}]}},
            "they would serve no period of the horizon",
        ),
        (
            {"sites": CLOSED, "commitments": on_order(1, frozen_until=2028)},
            "'oslo' is closed on 2027-01-01",
        ),
        ({"commitments": {"orders": [{"site": "oslo", "unit_type": "gen1", "period": "2027-02",
          "units": 1}]}}, "no period starts on 2027-02-01; the nearest one starts on 2027-01-01"),
    ],
)  # fmt: skip
def test_impossible_commitments_are_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises((InstanceError, ValueError), match="commitments") as caught:
        tiny(horizon=years(3), **changes)
    assert says in str(caught.value)
