"""Volume tiers: the more units of a type are ordered, the less the next one costs."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.build import build_model
from models.instance import Instance
from models.problems import InstanceError
from optimizer import solve
from optimizer.plan.assemble import assemble
from optimizer.verify import verify_tables
from tests.properties.common import close, examples
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
    values,
    years,
)


def tiers(*rows: tuple[int, float], unit_type: str = "gen1") -> list[dict[str, Any]]:
    return [{"unit_type": unit_type, "from_units": n, "price_share": x} for n, x in rows]


def test_units_beyond_a_tier_cost_less() -> None:
    """(V1), (V2), (V3)"""
    # Five units: three at 40 MUSD, the fourth and the fifth at half of it.
    inst = tiny(volume_tiers=tiers((3, 0.5)))

    assert optimum(inst) == pytest.approx(3 * 40 + 2 * 20)
    assert terms(solved(inst)) == pytest.approx({"unit_capex": 200, "volume_rebate": -40})
    # Without V1 all that the connection carries would lie beyond: ten units less three.
    assert optimum_without(inst, lambda m: m.beyond_limit) == pytest.approx(5 * 40 - 7 * 20)
    # Without V2 units would count as beyond before the tier is reached: all five.
    assert optimum_without(inst, lambda m: m.beyond_link) == pytest.approx(5 * 40 - 5 * 20)
    assert optimum_without(inst, lambda m: m.reach_limit) == pytest.approx(160)


def test_a_rebate_is_not_put_off_until_it_takes_nothing_off_the_value_at_the_end() -> None:
    """(V4)"""
    # Five units, ordered in 2027 for 2028: 200 less 40 for two beyond three. At the end they have
    # four of their five years left: 160, less 32 for what the two cost less: 160 - 128 = 32. Units
    # ordered in 2028 would not serve within the horizon: a rebate claimed then takes nothing off,
    # and five more units would pay, at 20 each with 32 left: 200 - 40 - 160 - 5 * 12 = -60.
    # (2028 is a leap year: they have a little less left than four years.)
    inst = tiny(
        horizon=years(2),
        unit_types={"gen1": {"lead_months": 12}},
        finance={"end_of_horizon_value": "straight_line"},
        demand=demands(("norway", "public", 2027, 0), ("norway", "public", 2028, 50)),
        volume_tiers=tiers((3, 0.5)),
    )
    plan = solve(inst)

    assert optimum(inst) == pytest.approx(32, abs=0.1)
    assert plan.status == "optimal"
    assert plan.objective_musd == pytest.approx(optimum(inst))
    assert optimum_without(inst, lambda m: m.beyond_minimum) == pytest.approx(-60, abs=0.2)


def test_each_tier_saves_against_the_one_below() -> None:
    # Two at 40, the third and fourth at 36, the fifth at 32.
    inst = tiny(volume_tiers=tiers((4, 0.8), (2, 0.9)))

    assert optimum(inst) == pytest.approx(2 * 40 + 2 * 36 + 32)


def test_orders_of_all_sites_and_years_count_together() -> None:
    # 20 Mtok/s in each place in 2027: four units. Norway's 30 in 2028: the fifth, beyond three.
    demand = demands(
        ("norway", "public", 2027, 20),
        ("norway", "public", 2028, 30),
        ("kenya", "public", 2027, 20),
    )
    floor = {"kenya": {"jurisdictions": ["KE"], "serve_share": 1}}
    inst = twins(horizon=years(2), demand=demand, sufficiency=floor, volume_tiers=tiers((3, 0.5)))
    contents = assemble(solved(inst), inst)

    assert contents.objective == pytest.approx(3 * 40 + 2 * 20 + 20)
    table = contents.tables["volume_tiers"]
    assert table["units"].sum() == 2
    assert table["reached"].sum() == 1
    claim = contents.claim("optimal", contents.objective, contents.objective)
    assert verify_tables(inst, contents.tables, claim).violations == ()


def test_standardisation_pays() -> None:
    # The second type is cheaper, but only two can be had; with a tier all five are of the first.
    rows = [{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")]
    rest: dict[str, Any] = {
        "unit_types": {"gen2": GEN1 | {"capex_musd": 38}},
        "throughput": rows,
        "quotas": {"few": {"unit_types": ["gen2"], "per_year": 2}},
    }
    assert optimum(tiny(**rest)) == pytest.approx(2 * 38 + 3 * 40)
    m = solved(tiny(volume_tiers=tiers((4, 0.25)), **rest))
    assert values(m.order) == {("oslo", "gen1", "2027"): 5}
    assert terms(m) == pytest.approx({"unit_capex": 200, "volume_rebate": -30})


def test_cheaper_units_are_worth_less_at_the_end() -> None:
    # 1461 of 1826 days of life are left: of 200 − 40 MUSD.
    inst = tiny(volume_tiers=tiers((3, 0.5)), finance={"end_of_horizon_value": "straight_line"})

    assert terms(solved(inst))["end_value"] == pytest.approx(-160 * 1461 / 1826)
    # So units that nobody asks for do not pay, however cheap they are.
    idle = inst.with_changes({"demand.*.scale": 0.2, "volume_tiers.gen1.3.price_share": 0})
    assert values(solved(idle).order) == {("oslo", "gen1", "2027"): 1}


def test_pools_pay_list_prices() -> None:
    pool = {"budget": {"pools": {"all": {"grants": 160}}}}

    assert optimum(tiny(volume_tiers=tiers((3, 0.5)), **pool)) == pytest.approx(
        3 * 40 + 20 + 10 * SHORT
    )


def test_rows() -> None:
    m = build_model(tiny(horizon=years(2), volume_tiers=tiers((3, 0.5))))

    orders = {f"order[oslo,gen1,{t}]": -1 for t in (2027, 2028)}
    reach = [f"reach[gen1,3,{t}]" for t in (2027, 2028)]
    assert_row(
        m.beyond_limit["gen1", "3", "2028"],
        {"beyond[gen1,3,2028]": 1} | orders | dict.fromkeys(reach, 3),
        "≤",
        0,
    )
    # Ten units a year can be ordered: 17 beyond the first three.
    assert_row(
        m.beyond_link["gen1", "3", "2028"],
        {"beyond[gen1,3,2028]": 1} | dict.fromkeys(reach, -17),
        "≤",
        0,
    )
    assert_row(m.reach_limit["gen1", "3"], dict.fromkeys(reach, 1), "≤", 1)


def test_a_tier_out_of_reach_has_no_variables() -> None:
    assert not list(build_model(tiny(volume_tiers=tiers((10, 0.5)))).reach)


def test_prices_must_fall() -> None:
    with pytest.raises(InstanceError, match=r"must be at most 0\.8, the price beyond 2 units"):
        tiny().with_changes({"volume_tiers": tiers((2, 0.8), (4, 0.9))})


def test_a_plan_starts_from_one_with_tiers() -> None:
    inst: Instance = tiny(volume_tiers=tiers((3, 0.5)))
    plan = solve(inst)

    again = solve(inst, start=plan)
    assert plan.verified
    assert again.verified
    assert again.objective_musd == pytest.approx(160)


@pytest.mark.parametrize(
    ("words", "table", "column", "value"),
    [
        ("gives units", "volume_tiers", "units", 3),
        ("gives saved_musd", "volume_tiers", "saved_musd", 41.0),
        ("gives reached", "volume_tiers", "reached", 0),
        ("no row for gen1, 3, 2027", "volume_tiers", "", 0),
        ("cost volume_rebate", "", "volume_rebate", -41.0),
        ("2027, no pool, volume_rebate", "cash", "musd", -41.0),
    ],
)
def test_a_spoiled_plan_is_refused(words: str, table: str, column: str, value: float) -> None:
    inst = tiny(volume_tiers=tiers((3, 0.5)))
    contents = assemble(solved(inst), inst)
    tables, claim = contents.tables, contents.claim("optimal", contents.objective, None)
    if not table:
        claim["costs_musd"][column] = value
    elif not column:
        tables[table] = tables[table].head(0)
    else:
        rows = tables[table]
        chosen = rows["term"] == "volume_rebate" if "term" in rows else rows["units"] > 0
        tables[table] = rows.assign(**{column: rows[column].where(~chosen, value)})

    messages = [v.message for v in verify_tables(inst, tables, claim).violations]
    assert any(words in message for message in messages), messages


@examples(20)
@given(st.integers(0, 10**6))
def test_no_number_of_units_is_cheaper(seed: int) -> None:
    """Every number of units is tried, each paid one by one."""
    dice = Random(seed)
    steps = sorted(dice.sample(range(1, 9), 2))
    shares = sorted((dice.choice([0.2, 0.5, 0.7, 0.9, 1]) for _ in steps), reverse=True)
    demand, price = dice.choice([5, 35, 62, 90]), dice.choice([40, 2000, 4000])
    inst = tiny(
        volume_tiers=tiers(*zip(steps, shares, strict=True)),
        unit_types={"gen1": {"capex_musd": price}},
        demand=demands(("norway", "public", 2027, demand)),
    )

    def unit(i: int) -> float:
        """The price of the unit ordered after i others."""
        falling = reversed([*zip(steps, shares, strict=True)])
        return price * next((x for n, x in falling if i >= n), 1.0)

    def total(count: int) -> float:
        return sum(map(unit, range(count))) + max(0, demand - 10 * count) * SHORT

    least = min(total(count) for count in range(11))
    assert optimum(inst) == close(least)
    plan = assemble(solved(inst), inst)
    assert plan.objective == close(least)
