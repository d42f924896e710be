"""Soft limits: missed where paying is cheaper than keeping them, kept where it is not."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
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
