"""Rented tokens count where made ones do: for floors, shares, coverage and supply origin."""

from typing import Any

import pandas as pd
import pytest

from models.build import build_model
from models.checks import find_warnings
from models.instance import Instance
from optimizer import solve
from optimizer.verify import verify_tables
from tests.small import NAIROBI, OSLO, SHORT, assert_row, demands, optimum, optimum_without, twins

MTOK = 31.536
"""Million Mtok of 1 Mtok/s in 2027."""

SEATS = {"jurisdiction", "lat", "lon"}


def offer(site: dict[str, Any], operator: str, price: float, most: float) -> dict[str, Any]:
    """An offer where a site stands."""
    place = {name: site[name] for name in SEATS}
    return place | {"operator": operator, "price_usd_per_mtok": price, "most_mtok_s": most}


def combined(**changes: Any) -> Instance:
    """Africa serves half of Kenya's 20 Mtok/s, and Fjord makes at most four fifths of all 50.

    Fjord sells in Kenya, Savanna sells in Norway; Nairobi is dear to open.
    """
    return twins(
        sites={"nairobi": {"open_cost_musd": 20}},
        demand=demands(("norway", "public", 2027, 30), ("kenya", "public", 2027, 20)),
        rentals={
            "kenya-fjord": offer(NAIROBI, "fjord", 0.15, 30),
            "norway-savanna": offer(OSLO, "savanna", 0.16, 30),
        },
        sufficiency={"africa": {"continents": ["africa"], "serve_share": 0.5}},
        concentration={"seats": {"share_of": "tokens", "by": "operator", "most_share": 0.8}},
        **changes,
    )


# A unit at Oslo makes 10 Mtok/s for 40 MUSD; the same rented costs 47.304 MUSD from Fjord in Kenya
# and 50.4576 MUSD from Savanna in Norway. One unit at Nairobi would do for floor and cap at once,
# but costs 20 to open, 20 for the hall and 40: with four units at Oslo 240 MUSD.
FLOOR, CAP, UNIT = 10 * 0.15 * MTOK, 10 * 0.16 * MTOK, 40


def test_offers_meet_a_floor_and_a_cap_together() -> None:
    # Ten in Kenya for the floor, ten not of Fjord for the cap, thirty at Oslo: 217.76 MUSD.
    inst = combined()

    assert find_warnings(inst) == []
    assert optimum(inst) == pytest.approx(FLOOR + CAP + 3 * UNIT)
    assert optimum(inst, merge=True) == pytest.approx(FLOOR + CAP + 3 * UNIT)
    assert optimum_without(inst, lambda m: m.within_balance) == pytest.approx(CAP + 4 * UNIT)
    assert optimum_without(inst, lambda m: m.token_share_limit) == pytest.approx(FLOOR + 4 * UNIT)
    assert optimum(inst.with_changes({"rentals": {}})) == pytest.approx(240)


def test_the_rows_count_what_is_rented() -> None:
    m = build_model(combined())
    norway, kenya = m.STREAMS
    rent = {
        (j, x): f"rent[{j},{x},2027]" for j in m.STREAMS for x in ("kenya-fjord", "norway-savanna")
    }
    made = {j: f"flow[{j},nairobi,2027]" for j in m.STREAMS}
    oslo = [f"flow[{j},oslo,2027]" for j in m.STREAMS]

    assert_row(
        m.within_balance["africa", "2027"],
        {"within[africa,2027]": 1, made[kenya]: -1, rent[kenya, "kenya-fjord"]: -1},
        "=",
        0,
    )
    assert_row(
        m.served_balance["2027"],
        {"served[2027]": 1} | dict.fromkeys([*rent.values(), *made.values(), *oslo], -1),
        "=",
        0,
    )
    assert_row(
        m.token_share_limit["seats", "savanna", "2027"],
        {made[norway]: 1, made[kenya]: 1, "served[2027]": -0.8}
        | {rent[j, "norway-savanna"]: 1 for j in m.STREAMS},
        "≤",
        0,
    )


def test_the_plan_tells_floor_cap_and_coverage_with_what_is_rented() -> None:
    plan = solve(combined())

    assert plan.violations == ()
    limits = plan.table("limits").set_index(["limit", "at"])
    columns = ["use", "allowed", "binds"]
    assert limits.loc[("sufficiency_share", "africa"), columns].tolist() == [
        *(pytest.approx(10), pytest.approx(10), True)
    ]
    assert limits.loc[("tokens_share", "seats/fjord"), columns].tolist() == [
        *(pytest.approx(40), pytest.approx(40), True)
    ]
    kenya = plan.table("coverage").set_index("jurisdiction").loc["KE"]
    # Steered from Norway, where Fjord is at home: in the country, but thin.
    assert kenya["in_country_share"] == pytest.approx(0.5)
    assert kenya["thin_share"] == pytest.approx(0.5)
    assert kenya["abroad_share"] == pytest.approx(0.5)


def moved(plan: Any, old: str, new: str) -> dict[str, pd.DataFrame]:
    """The tables of a plan, with what is bought from one offer bought from another."""
    tables = {name: frame.copy() for name, frame in plan.tables.items()}
    rented = tables["rentals"].assign(offer=tables["rentals"]["offer"].astype(str))
    rented["offer"] = rented["offer"].replace(old, new)
    index = [name for name in rented.columns if name != "mtok_s"]
    return tables | {"rentals": rented.groupby(index, as_index=False, observed=True).sum()}


def test_the_checker_sees_offers_that_do_not_count() -> None:
    inst = combined()
    plan = solve(inst)

    for old, new, family, says in (
        ("kenya-fjord", "norway-savanna", "sufficiency", "the floor africa serves within its"),
        ("norway-savanna", "kenya-fjord", "concentration", "fjord holds 50 Mtok/s"),
        ("kenya-fjord", "norway-savanna", "coverage", "in_country_ttok"),
    ):
        found = verify_tables(inst, moved(plan, old, new), plan.summary()).violations
        assert any(v.family == family and says in v.message for v in found), found


def test_a_place_without_a_site_may_rent_what_it_must_serve() -> None:
    # Oslo alone: half of Kenya's demand can only be met by the offer.
    alone = combined().with_changes(
        {"concentration": {}, "sites.nairobi.jurisdiction": "NO", "sites.nairobi.opened": False}
    )

    assert optimum(alone) == pytest.approx(FLOOR + 4 * UNIT)


def asking(**offered: Any) -> Instance:
    """Kenya's health data ask for supply from Norway; five Mtok/s, which Oslo has no units for."""
    return twins(
        data_classes={"health": {"supply_origin": ["NO"]}},
        demand=demands(("kenya", "health", 2027, 5)),
        rentals={"far": offer(OSLO, "fjord", 1, 30) | offered},
    )


def test_an_offer_serves_data_that_ask_for_its_origin() -> None:
    assert optimum(asking()) == pytest.approx(5 * SHORT)
    assert optimum(asking(origin=["KE"])) == pytest.approx(5 * SHORT)
    assert optimum(asking(origin=["NO"])) == pytest.approx(5 * MTOK)
    assert any("no unit type does chat" in one.message for one in find_warnings(asking()))
    assert find_warnings(asking(origin=["NO"])) == []


def test_the_checker_sees_an_origin_that_is_refused() -> None:
    plan, inst = solve(asking(origin=["NO"])), asking()

    assert plan.violations == ()
    found = verify_tables(inst, plan.tables, plan.summary()).violations
    assert any("whose origin of supply its law refuses" in v.message for v in found)


def test_what_is_rented_has_no_vendor() -> None:
    # Half of 50 Mtok/s is of no vendor's units: the other half may all be of one.
    cap = {"share_of": "tokens", "by": "vendor", "most_share": 0.5}
    inst = twins(
        unit_types={"gen1": {"vendor": "north"}},
        rentals={"near": offer(OSLO, "fjord", 1, 25)},
        concentration={"makers": cap},
    )

    assert optimum(inst) == pytest.approx(3 * UNIT + 25 * MTOK)
    assert solve(inst).violations == ()
    assert find_warnings(inst) == []


def test_conversion_counts_in_shares_of_capital() -> None:
    # Two units at Oslo need 4 MW of halls, and 5 MW of mining at 1 MUSD: 85 MUSD with the units.
    # Two units are at Nairobi, 80 and 20 for a hall: Norway holds 85 of 185 MUSD.
    mine = {"site": "oslo", "mining_mw": 25, "capex_musd_per_mw": 1, "margin_musd_per_mw_year": 0}
    cap = {"share_of": "capital", "by": "jurisdiction", "names": ["NO"], "most_share": 0.5}
    inst = twins(
        sites={"oslo": {"initial_hall_mw": 0}},
        demand=demands(("norway", "public", 2027, 40)),
        mines=[mine],
        concentration={"money": cap},
    )
    plan = solve(inst)

    assert plan.violations == ()
    assert plan.objective_musd == pytest.approx(2 * 40 + 5 + 2 * 40 + 20)
    rows = plan.table("limits").set_index("limit")
    assert rows.loc["capital_share", "use"] == pytest.approx(85)
    assert rows.loc["capital_share", "allowed"] == pytest.approx(0.5 * 185)
