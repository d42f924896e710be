"""The instance `credit`: what payments, borrowing and the cap on running costs do to its plan."""

from typing import Any

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import Plan, read_instance, solve


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance("instances/credit/instance.yaml")


def orders(plan: Plan) -> list[tuple[str, str, int]]:
    frame = plan.table("orders")[["site", "period", "units"]]
    return list(frame.itertuples(index=False, name=None))


def test_it_is_read_without_warnings(inst: Instance) -> None:
    assert find_warnings(inst) == []
    assert list(inst.sites["oslo"].energy_price_usd_per_mwh.values()) == pytest.approx([39.984])
    assert list(inst.sites["nairobi"].energy_price_usd_per_mwh.values()) == pytest.approx([60])


def test_the_plan(inst: Instance) -> None:
    plan = solve(inst)

    assert plan.verified
    assert orders(plan) == [("oslo", "2027", 3), ("nairobi", "2027", 2)]
    # 100 are due in 2027, 60 are granted.
    assert plan.table("debt")["debt_musd"].tolist() == pytest.approx([40])
    cash = plan.table("cash").groupby("term")["musd"].sum()
    assert cash["interest"] == pytest.approx(40 * 0.07 * 365 / 365.25)
    assert cash["unit_capex"] == pytest.approx(200)
    discounted = plan.table("cash")["discounted_musd"].sum()
    assert discounted == pytest.approx(plan.objective_musd, rel=1e-6)


@pytest.mark.parametrize(
    ("changed", "found", "cheaper"),
    [
        (
            {"budget.pools.world.borrowing": 0},
            [("oslo", "2027", 3), ("nairobi", "2028", 2)],
            False,
        ),
        (
            {"budget.opex_caps.africa.remove": True},
            [("oslo", "2027", 3), ("nairobi", "2027", 2), ("nairobi", "2028", 1)],
            True,
        ),
        (
            {"unit_types.gen1.payments.remove": True},
            [("oslo", "2027", 2), ("oslo", "2028", 1), ("nairobi", "2028", 2)],
            False,
        ),
    ],
)
def test_without_one_of_them_it_is_another(
    inst: Instance, changed: dict[str, Any], found: list[tuple[str, str, int]], cheaper: bool
) -> None:
    plan = solve(inst.with_changes(changed))

    assert plan.verified
    assert orders(plan) == found
    assert (plan.objective_musd < solve(inst).objective_musd) == cheaper
