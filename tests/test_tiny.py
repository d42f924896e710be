"""instances/tiny: the plan is the one worked out by hand in the file, and no other is as cheap."""

from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import Plan, read_instance, solve

TINY = Path(__file__).parent.parent / "instances" / "tiny" / "instance.yaml"

TERMS = {
    "site_opening": 5.0,
    "hall_capex": 21.915,
    "unit_capex": 43.83,
    "site_opex": 3.653,
    "unit_opex": 2.557,
    "energy": 3.54913125,
    "network": 5.995296,
    "shortfall": 78.9264,
    "end_value": -27.385,
}
TOTAL = 138.04082725


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(TINY)


@pytest.fixture(scope="module")
def plan(inst: Instance) -> Plan:
    return solve(inst)


def rows(plan: Plan, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return list(plan.table(table)[list(columns)].itertuples(index=False, name=None))


def test_the_file_has_no_warnings(inst: Instance) -> None:
    assert find_warnings(inst) == []


def test_the_cost_is_the_one_worked_out_by_hand(plan: Plan) -> None:
    assert plan.status == "optimal"
    assert plan.objective_musd == pytest.approx(TOTAL)
    assert plan.bound_musd == pytest.approx(TOTAL)
    assert {term: plan.costs_musd[term] for term in TERMS} == pytest.approx(TERMS)
    assert not any(musd for term, musd in plan.costs_musd.items() if term not in TERMS)
    assert sum(TERMS.values()) == pytest.approx(TOTAL)


def test_the_decisions_are_those_worked_out_by_hand(plan: Plan) -> None:
    assert rows(plan, "openings", "site", "period") == [("oslo", "2027"), ("nairobi", "2029")]
    assert rows(plan, "orders", "site", "unit_type", "period", "units") == [
        ("oslo", "small", "2027", 2),
        ("oslo", "large", "2028", 1),
        ("nairobi", "small", "2029", 1),
    ]
    halls = plan.table("halls")
    built = halls[halls["blocks"] > 0]
    assert list(built[["site", "period", "blocks"]].itertuples(index=False, name=None)) == [
        ("oslo", "2027", 1),
        ("nairobi", "2029", 1),
    ]


def test_law_power_and_lives_shape_the_service(plan: Plan) -> None:
    assert rows(plan, "online", "site", "unit_type", "period", "units") == [
        ("oslo", "small", "2027", 2),
        ("oslo", "small", "2028", 2),
        ("oslo", "large", "2029", 1),
        ("nairobi", "small", "2029", 1),
    ]
    # Oslo could make 8 Mtok/s in 2029, but Kenya's data may not leave Kenya.
    flows = plan.table("flows").set_index(["region", "site", "period"])["mtok_s"].to_dict()
    assert flows == pytest.approx(
        {
            ("norway", "oslo", "2027"): 4,
            ("norway", "oslo", "2028"): 4,
            ("norway", "oslo", "2029"): 7,
            ("kenya", "nairobi", "2029"): 2,
        }
    )
    short = plan.table("shortfall").set_index(["region", "period"])["mtok_s"].to_dict()
    assert short == pytest.approx(
        {("kenya", "2027"): 2, ("kenya", "2028"): 2, ("kenya", "2029"): 1}
    )


def test_the_plan_is_verified(plan: Plan) -> None:
    assert plan.violations == ()
    assert plan.verified


def test_a_larger_grant_brings_nairobi_a_year_forward(inst: Instance) -> None:
    """The pool is what delays Nairobi: 17.615 − 11.87 = 5.745 MUSD are missing in 2028."""
    early = solve(inst.with_changes({"budget.pools.world.grants.2028-01": 35.745}))
    late = solve(inst.with_changes({"budget.pools.world.grants.2028-01": 35.7449}))

    assert early.units_ordered("nairobi", "small", 2028) == 1
    assert late.units_ordered("nairobi", "small", 2029) == 1


# Brute force: every choice of openings, halls and orders, written without the model.

DAYS = (365, 366, 365)
WORTH = 0.5 * 86_400 / 1e6
"""Price of a day's tokens at 1 Mtok/s that are not served [MUSD]."""


class Choice(NamedTuple):
    """What is built at one site: capital by year, cost without tokens, units in service by year."""

    what: object
    capital: tuple[float, ...]
    fixed: float
    small: tuple[int, ...]
    large: tuple[int, ...]


def choices(*, air: bool, opening: float, a_day: float, power: tuple[float, ...]) -> list[Choice]:
    """All that can be built at Oslo (air and liquid) or Nairobi (air only), within its power.

    No hall is worth a second one: at most one is built.
    """
    # Idle, a unit draws half of its meter power. Units at Nairobi are small: 1.5 MW at the meter.
    block, price = (1, 80) if air else (2, 50)
    out = [Choice(None, (0, 0, 0), 0, (0, 0, 0), (0, 0, 0))]
    bigs = (0,) if air else (0, 1)
    for opened, hall, *smalls, big in product(
        range(3), range(3), range(3), range(3), range(3), bigs
    ):
        small = (smalls[0], smalls[0] + smalls[1], smalls[1] + smalls[2])
        large = (0, 0, big)
        it = [s + 2 * g for s, g in zip(small, large, strict=True)]
        meter = [1.5 * s + 2.5 * g for s, g in zip(small, large, strict=True)]
        ordered = [t for t in range(3) if smalls[t]] + [1] * big
        too_early = any(t < opened for t in [hall, *ordered])
        no_hall = any(it[t] > (block if t >= hall else 0) for t in range(3))
        if too_early or no_hall or any(meter[t] > power[t] for t in range(3)):
            continue
        capital = [7.31 * smalls[t] for t in range(3)]
        capital[opened] += opening
        capital[hall] += 7.305 * block
        capital[1] += 21.9 * big
        fixed = a_day * sum(DAYS[opened:])
        fixed += sum(
            d * (0.001 * s + 0.002 * g) for d, s, g in zip(DAYS, small, large, strict=True)
        )
        fixed += sum(m / 2 * 24 * d * price / 1e6 for m, d in zip(meter, DAYS, strict=True))
        fixed -= 7.305 * block * (365, 730, 1096)[hall] / 1461
        fixed -= 7.31 * smalls[2] * 365 / 730 + 21.9 * big * 730 / 1095
        what = (opened, hall, tuple(smalls), big)
        out.append(Choice(what, tuple(capital), fixed, small, large))
    return out


def served(oslo: Choice, nairobi: Choice) -> float:
    """Cost of all tokens, made or not [MUSD]: Kenya's first at Nairobi, Norway's first at Oslo.

    Work costs a unit half of its meter power, spread over twice the mean; the large unit first.
    """
    total = 0.0
    for t, (days, norway, kenya) in enumerate(zip(DAYS, (4, 4, 7), (2, 2, 3), strict=True)):
        by_large = min(norway, 8 * oslo.large[t])
        by_small = min(norway - by_large, 2 * oslo.small[t])
        at_home = min(kenya, 2 * nairobi.small[t])
        abroad = min(norway - by_large - by_small, 2 * nairobi.small[t] - at_home)
        short = norway + kenya - by_large - by_small - at_home - abroad
        hour = 24 * days / 1e6
        total += by_large * (2.5 / 2 / 16 * 50 * hour) + by_small * (1.5 / 2 / 4 * 50 * hour)
        total += (at_home + abroad) * (1.5 / 2 / 4 * 80 * hour)
        usd = 0.01 * (by_large + by_small) + 0.02 * at_home + 0.05 * abroad
        total += usd * days * 86_400 / 1e6 + short * days * WORTH
    return total


def test_no_other_choice_is_as_cheap() -> None:
    found = []
    at_oslo = choices(air=False, opening=2, a_day=0.003, power=(3, 3, 3))
    at_nairobi = choices(air=True, opening=3, a_day=0.001, power=(0, 1.5, 1.5))
    for oslo, nairobi in product(at_oslo, at_nairobi):
        capital = [a + b for a, b in zip(oslo.capital, nairobi.capital, strict=True)]
        if capital[0] > 35 or sum(capital[:2]) > 65 or sum(capital) > 75:
            continue
        total = sum(capital) + oslo.fixed + nairobi.fixed + served(oslo, nairobi)
        found.append((total, oslo.what, nairobi.what))
    found.sort(key=lambda choice: choice[0])

    assert len(found) > 100
    assert found[0] == (pytest.approx(TOTAL), (0, 0, (2, 0, 0), 1), (2, 2, (0, 0, 1), 0))
    assert found[1][0] > TOTAL + 0.1
