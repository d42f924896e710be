"""Soft limits: missed where paying is cheaper than keeping them, kept where it is not."""

from typing import Any

import pytest

from models.build import build_model
from models.checks import find_warnings
from models.instance import Instance
from models.problems import InstanceError
from optimizer.plan.assemble import Contents, assemble
from optimizer.verify import verify_tables
from tests.small import (
    GEN1,
    SHORT,
    assert_row,
    demands,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    twins,
    years,
)

YEAR = 365 / 365.25


def soft(limit: str, price: float, **fields: Any) -> list[dict[str, Any]]:
    return [{"limit": limit, "price_musd": price} | fields]


def planned(inst: Instance) -> Contents:
    """The optimal plan, which the checker accepts."""
    contents = assemble(solved(inst), inst)
    claim = contents.claim("optimal", contents.objective, contents.objective)
    assert verify_tables(inst, contents.tables, claim).violations == ()
    return contents


def violated(contents: Contents) -> dict[tuple[str, str, str], float]:
    rows = contents.tables["violations"].itertuples(index=False)
    return {tuple(row[:3]): pytest.approx(row[3]) for row in rows}


SHARES: dict[str, Any] = {
    "unit_types": {"gen2": GEN1 | {"capex_musd": 400, "vendor": "two"}, "gen1": {"vendor": "one"}},
    "throughput": [{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")],
}
BOUND: dict[str, tuple[Instance, float]] = {
    # Two more units of 2.5 MW at the meter than the connection carries.
    "site_power": (tiny(sites={"oslo": {"grid_mw": 7.5}}), 5.0),
    "grid_region_power": (
        tiny(grid_regions={"east": {"cap_mw": 7.5}}, sites={"oslo": {"grid_region": "east"}}),
        5.0,
    ),
    # Halls come too late for the year; five units of 2 MW stand in 6 MW.
    "halls": (tiny(sites={"oslo": {"initial_hall_mw": 6, "hall_lead_months": 12}}), 4.0),
    "install_rate": (tiny(sites={"oslo": {"install_rate_mw_per_month": 0.5}}), 4.0),
    "quota": (tiny(quotas={"few": {"unit_types": ["gen1"], "per_year": 3}}), 2.0),
    "budget": (tiny(budget={"pools": {"all": {"grants": 120}}}), 80.0),
    "opex": (
        tiny(
            unit_types={"gen1": {"opex_musd_per_year": 1 / YEAR}},
            budget={"opex_caps": {"all": {"musd_per_year": 3 / YEAR}}},
        ),
        2.0,
    ),
    # Five units need 12 MW of halls in blocks of 4 (10 MW of IT); the least build is 20 MW.
    "min_build": (
        tiny(sites={"oslo": {"opened": False, "initial_hall_mw": 0, "min_build_mw": 20}}),
        8.0,
    ),
    "rental": (
        tiny(
            unit_types={"gen1": {"capex_musd": 4000}},
            rentals={
                "burst": {"operator": "fjord", "jurisdiction": "NO", "lat": 59, "lon": 10}
                | {"price_usd_per_mtok": 1, "most_mtok_s": 30}
            },
        ),
        20.0,
    ),
    # Serving at home costs 400 MUSD a unit; abroad it costs 40.
    "sufficiency_share": (
        twins(
            sites={"nairobi": {"opened": True, "initial_hall_mw": 20, "unit_capex_factor": 10}},
            demand=demands(("kenya", "public", 2027, 50)),
            sufficiency={"kenya": {"jurisdictions": ["KE"], "serve_share": 0.4}},
        ),
        20.0,
    ),
    "sufficiency_mw": (
        twins(
            sites={"nairobi": {"opened": True, "initial_hall_mw": 20, "unit_capex_factor": 10}},
            demand=demands(("kenya", "public", 2027, 50)),
            sufficiency={"kenya": {"jurisdictions": ["KE"], "host_it_mw": 4}},
        ),
        4.0,
    ),
    "tokens_share": (
        tiny(
            **SHARES,
            concentration={
                "v": {"share_of": "tokens", "by": "vendor", "names": ["one"]} | {"most_share": 0.6}
            },
        ),
        20.0,
    ),
    "it_mw_share": (
        tiny(
            **SHARES,
            concentration={
                "v": {"share_of": "it_mw", "by": "vendor", "names": ["one"]} | {"most_share": 0.6}
            },
        ),
        4.0,
    ),
    # All of 200 MUSD with a vendor that may have 30 % of it.
    "capital_share": (
        tiny(
            **SHARES,
            concentration={
                "v": {"share_of": "capital", "by": "vendor", "names": ["one"]} | {"most_share": 0.3}
            },
        ),
        140.0,
    ),
}
"""For each kind an instance where it binds, and by how much it is missed if that costs little."""

HELD = {
    "site_power", "grid_region_power", "halls", "borrowing", "rental", "sufficiency_share",
    "sufficiency_mw", "tokens_share", "it_mw_share",
}  # fmt: skip


@pytest.mark.parametrize("limit", BOUND)
def test_a_limit_is_missed_where_paying_is_cheaper(limit: str) -> None:
    inst, excess = BOUND[limit]
    most = {"most": 500} if limit == "capital_share" else {}
    cheap = inst.with_changes({"soft_limits": soft(limit, 0.01, **most)})
    dear = inst.with_changes({"soft_limits": soft(limit, 1e4, **most)})
    hard = optimum(inst)
    missed, kept = planned(cheap), planned(dear)

    assert list(violated(missed).values()) == [excess]
    assert missed.costs_musd["violations"] == pytest.approx(
        0.01 * excess * (YEAR if limit in HELD else 1)
    )
    assert missed.kpis["violations_musd"] == pytest.approx(missed.costs_musd["violations"])
    assert missed.objective < hard - 1
    assert kept.objective == pytest.approx(hard)
    assert kept.tables["violations"].empty
    limits = missed.tables["limits"]
    rows = limits[(limits["limit"] == limit) & (limits["slack"] < -1e-6)]
    assert list(rows["slack"]) == [pytest.approx(-excess)]
    assert rows["binds"].all()


def test_a_budget_is_overspent_by_hand() -> None:
    # Five units at 40 MUSD, 120 granted: 80 over at 0.2 each. A further unit saves 10 · SHORT.
    inst = tiny(budget={"pools": {"all": {"grants": 120}}}, soft_limits=soft("budget", 0.2))

    assert terms(solved(inst)) == pytest.approx({"unit_capex": 200, "violations": 16})
    # At most 30: no whole unit fits but with the grants: three for 120, one more for 150 is short.
    few = inst.with_changes({"soft_limits.budget.most": 30})
    assert terms(solved(few)) == pytest.approx({"unit_capex": 120, "shortfall": 20 * SHORT})
    assert optimum_without(inst, lambda m: m.unspent_balance) == pytest.approx(200)


def test_an_overdrawn_connection_by_hand() -> None:
    # 7.5 MW carry three units; two more draw 5 MW beyond for 365 days at 2 MUSD per MW and year.
    inst = tiny(sites={"oslo": {"grid_mw": 7.5}}, soft_limits=soft("site_power", 2))

    assert terms(solved(inst)) == pytest.approx({"unit_capex": 200, "violations": 10 * YEAR})
    # Without a most, as much again: six units.
    m = build_model(inst)
    assert m.order["oslo", "gen1", "2027"].ub == 6
    assert m.excess["site_power", "oslo", "2027"].bounds == (0, 7.5)
    row = {"online[oslo,gen1,2027]": 2.5, "is_open[oslo,2027]": -7.5}
    assert_row(
        m.site_power_limit["oslo", "2027"],
        row | {"excess[site_power,oslo,2027]": -1},
        "≤",
        0,
    )


def test_a_floor_is_missed_by_hand() -> None:
    # Kenya should serve 20 of its 50 Mtok/s; two units there cost 800 MUSD, in Oslo 80.
    inst = BOUND["sufficiency_share"][0].with_changes({"soft_limits": soft("sufficiency_share", 3)})

    assert terms(solved(inst)) == pytest.approx({"unit_capex": 200, "violations": 60 * YEAR})
    # 40 MUSD per Mtok/s and year are dearer than 36, what serving at home costs more.
    dear = inst.with_changes({"soft_limits.sufficiency_share.price_musd": 40})
    assert terms(solved(dear)) == pytest.approx({"unit_capex": 120 + 800})
    assert optimum_without(inst, lambda m: m.within_minimum) == pytest.approx(200)
    hosting = BOUND["sufficiency_mw"][0].with_changes({"soft_limits": soft("sufficiency_mw", 3)})
    assert terms(solved(hosting))["violations"] == pytest.approx(12 * YEAR)
    assert optimum_without(hosting, lambda m: m.hosted_minimum) == pytest.approx(200)


def test_a_smaller_build_than_the_least_by_hand() -> None:
    # 20 MW is the least; 12 MW in three blocks at 5 MUSD per MW hold five units of 2 MW.
    inst = BOUND["min_build"][0].with_changes({"soft_limits": soft("min_build", 2)})

    cost = {"unit_capex": 200, "hall_capex": 60, "violations": 16}
    assert terms(solved(inst)) == pytest.approx(cost)
    assert violated(planned(inst)) == {("min_build", "oslo", ""): 8}


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
