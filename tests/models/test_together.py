"""Slices, payments over time, debt, early retirement and grid upgrades in one instance, by hand.

Oslo's 2.5 MW carry one unit. 2027 asks for 8 Mtok/s, 2028 for 64, a quarter more by day and a
quarter less by night: 10 and 6, then 80 and 48. gen1 makes 10, gen2 makes 40 and takes a year.
So gen1 serves 2027; then it leaves, and a line of 2.5 MW makes room for two of gen2.
"""

import pytest

from models.instance import Instance
from optimizer import Plan, solve
from tests.small import demands, tiny, years

CHANGES = {
    "horizon": years(2),
    "finance": {
        "discount_rate_per_year": 0.1,
        "end_of_horizon_value": "straight_line",
        "price_year": 2026,
    },
    "currencies": {"EUR": {"rate": 1.4}},
    "slices": {"day": {"from_hour": 0, "hours": 12}, "night": {"from_hour": 12, "hours": 12}},
    "regions": {"norway": {"utc_offset_hours": 0}},
    "workloads": {"chat": {"daily_profile": [1.25] * 12 + [0.75] * 12}},
    "sites": {
        "oslo": {
            "grid_mw": 2.5,
            "energy_price_usd_per_mwh": 50,
            "energy_price_factor": {"night": 0.5},
        }
    },
    "unit_types": {
        "gen1": {
            "payments": {0: 0.5, 12: 0.5},
            "early_retirement": True,
            "scrap_value_share": 0.1,
            "decommissioning_musd": 3,
        },
        "gen2": {
            "generation": "two",
            "cooling": "liquid",
            "it_mw": 2,
            "capex_musd": 30,
            "payments": {0: 0.25, 12: 0.75},
            "life_years": 5,
            "lead_months": 12,
            "available_from": 2027,
        },
    },
    "throughput": [
        {"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
        {"unit_type": "gen2", "workload": "chat", "mtok_s": 40},
    ],
    "grid_upgrades": {
        "line": {"site": "oslo", "added_mw": 2.5, "cost_musd": "5 EUR", "lead_months": 12}
    },
    "budget": {
        "pools": {
            "world": {
                "grants": {2027: 40, 2028: 80},
                "carry_over": False,
                "borrowing": 5,
                "interest_per_year": 0.05,
            }
        }
    },
    "demand": demands(("norway", "public", 2027, 8), ("norway", "public", 2028, 64)),
}


def df(days: int) -> float:
    """Discount factor of a day, counted from the first of 2027."""
    return float(1.1 ** -(days / 365.25))


@pytest.fixture(scope="module")
def inst() -> Instance:
    return tiny(**CHANGES)


@pytest.fixture(scope="module")
def plan(inst: Instance) -> Plan:
    return solve(inst)


def test_the_plan_is_verified_and_is_the_one_worked_out_by_hand(plan: Plan) -> None:
    assert plan.status == "optimal"
    assert plan.violations == ()
    assert plan.verified
    assert plan.table("orders").to_numpy().tolist() == [
        ["oslo", "gen1", "2027", 1],
        ["oslo", "gen2", "2027", 2],
    ]
    assert plan.table("retirements").to_numpy().tolist() == [["oslo", "gen1", "2027", "2028", 1]]
    assert plan.table("grid_upgrades").to_numpy().tolist() == [["oslo", "line", "2027", 1, 2.5, 0]]
    served = plan.table("flows").set_index(["period", "slice"])["mtok_s"].to_dict()
    assert served == pytest.approx(
        {("2027", "day"): 10, ("2027", "night"): 6, ("2028", "day"): 80, ("2028", "night"): 48}
    )


def test_its_terms_are_those_worked_out_by_hand(plan: Plan) -> None:
    # gen1 costs 20 in 2027 and 20 in 2028, though it has left by then; of gen2, 60 in all, 15 and
    # 45. The line is 5 EUR at 1.4, paid with its order. So 42 fall due in 2027, 2 more than is
    # granted: they are borrowed for a year at 5 %, due on the first day of 2028, day 365.
    # Leaving costs 3 MUSD and brings a tenth of 40, on the same day.
    # Energy: all units work by day, 0.6 of them by night and draw 0.3 + 0.7 · 0.6 = 0.72.
    # At 50 USD by day and 25 by night, 1 MW costs 12 h · (50 + 0.72 · 25) = 816 USD a day.
    # At the end, day 731, gen2 has 1 461 of its 1 827 days left; gen1 left and is worth nothing.
    later = df(365)
    used = {term: musd for term, musd in plan.costs_musd.items() if musd}
    assert used == pytest.approx(
        {
            "grid_upgrade": 7,
            "unit_capex": 20 + 15 + (20 + 45) * later,
            "interest": 0.05 * 365 / 365.25 * 2 * later,
            "retirement": -later,
            "energy": (2.5 * 365 * df(182) + 5 * 366 * df(365 + 183)) * 816 / 1e6,
            "end_value": -60 * 1461 / 1827 * df(731),
        }
    )
    assert sum(used.values()) == pytest.approx(plan.objective_musd)
    assert plan.kpis["end_value_units_musd"] == pytest.approx(-used["end_value"])
    assert plan.kpis["capex_musd"] == pytest.approx(40 + 60 + 7)


def test_its_limits_count_all_of_it(plan: Plan) -> None:
    limits = plan.table("limits").set_index(["limit", "at", "period"])
    interest = 0.05 * 365 / 365.25 * 2

    def row(limit: str, at: str, period: str) -> tuple[float, float]:
        found = limits.loc[(limit, at, period)]
        return found["use"], found["allowed"]

    assert row("site_power", "oslo", "2027") == pytest.approx((2.5, 2.5))
    assert row("site_power", "oslo", "2028") == pytest.approx((5, 5))
    assert row("borrowing", "world", "2027") == pytest.approx((2, 5))
    # A year's grants and what may be owed then, against what falls due and the debt paid back.
    assert row("budget", "world", "2027") == pytest.approx((42, 40 + 5))
    assert row("budget", "world", "2028") == pytest.approx((65 + interest + 2, 80))


@pytest.mark.parametrize(
    "change",
    [
        {"unit_types.gen1.early_retirement": False},
        {"grid_upgrades.line.remove": True},
        {"budget.pools.world.borrowing": 0},
    ],
)
def test_each_of_them_is_needed(inst: Instance, plan: Plan, change: dict[str, object]) -> None:
    without = solve(inst.with_changes(change))

    assert without.verified
    assert without.objective_musd is not None
    assert plan.objective_musd is not None
    assert without.objective_musd > plan.objective_musd + 100
