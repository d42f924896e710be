"""Local control planes: a site raises its level, for a price, and serves what it could not."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from tests.small import (
    SHORT,
    assert_row,
    demands,
    optimum,
    optimum_without,
    solved,
    terms,
    twins,
    values,
    years,
)

HEALTH: dict[str, Any] = {"health": {"compute": ["HOME"], "control_plane": ["HOME"]}}
YEAR_28 = 366 * 86_400 * 10 / 1e6
"""Cost of 1 Mtok/s not served in 2028, a leap year [MUSD]."""


def steered_abroad(count: int = 1, **offer: Any) -> Instance:
    """10 Mtok/s of Kenyan health data; Nairobi is steered from Norway and may offer its own."""
    return twins(
        horizon=years(count),
        operators={"savanna": {"control_plane_jurisdiction": "NO"}},
        data_classes=HEALTH,
        demand=demands(("kenya", "health", 2027, 10)),
        local_control_planes=[{"site": "nairobi"} | offer] if offer else [],
    )


def test_a_site_raises_its_level() -> None:
    # A unit for 40, its hall for 20, the control plane for 15 and 3.6525 a year of 365 days.
    inst = steered_abroad(cost_musd=15, opex_musd_per_year=3.6525)
    m = solved(inst)

    assert values(m.raise_level) == {("nairobi", "2027"): 1}
    assert terms(m) == pytest.approx(
        {"unit_capex": 40, "hall_capex": 20, "control_plane_capex": 15, "control_plane_opex": 3.65}
    )
    assert optimum(steered_abroad()) == pytest.approx(10 * SHORT)


def test_it_does_not_pay_at_any_price() -> None:
    assert optimum(steered_abroad(cost_musd=5000)) == pytest.approx(10 * SHORT)


def test_steering_link_and_raise_link_bind() -> None:
    """(J1), (J2)"""
    inst = steered_abroad(cost_musd=15)

    assert optimum(inst) == pytest.approx(75)
    assert optimum_without(inst, lambda m: m.steering_link) == pytest.approx(60)
    # A closed site can raise nothing: opening costs.
    dear = inst.with_changes({"sites.nairobi.open_cost_musd": 7})
    assert optimum(dear) == pytest.approx(82)
    assert solved(dear).is_open["nairobi", "2027"].value == pytest.approx(1)


def test_it_takes_its_time() -> None:
    # Decided in 2027, in use in 2028, the unit too: 2027 falls short.
    inst = steered_abroad(2, cost_musd=15, lead_months=7)
    m = solved(inst)

    assert inst.control_plane_use == {("nairobi", "2027"): ("2028",)}
    assert values(m.shortfall) == {("kenya/chat/health", "2027"): 10}
    assert optimum(inst) == pytest.approx(75 + 10 * SHORT)


def test_the_pool_pays_for_it() -> None:
    # 74 MUSD do not buy unit, hall and control plane, 75 do.
    inst = steered_abroad(cost_musd=15)
    pools = {"budget.pools.add": {"all": {"grants": {"2027": 74}}}}

    assert optimum(inst.with_changes(pools)) == pytest.approx(10 * SHORT)
    assert optimum(inst.with_changes(pools | {"budget.pools.all.scale": 75 / 74})) == pytest.approx(
        75
    )


def test_it_stands_beside_the_operators_own() -> None:
    # Public data that ask for a Norwegian control plane go on being served from Nairobi.
    inst = steered_abroad(cost_musd=15).with_changes(
        {
            "data_classes.public.control_plane": ["NO"],
            "data_classes.public.compute": ["KE"],
            "demand.add": demands(("norway", "public", 2027, 10)),
        }
    )
    assert optimum(inst) == pytest.approx(2 * 40 + 20 + 15)


def test_rows() -> None:
    m = build_model(steered_abroad(2, cost_musd=15))
    flow = "flow[kenya/chat/health,nairobi,2028]"
    raised = {f"raise_level[nairobi,{t}]": 1 for t in (2027, 2028)}

    assert_row(m.raise_link["nairobi", "2028"], raised | {"is_open[nairobi,2028]": -1}, "≤", 0)
    assert_row(
        m.steering_link["kenya/chat/health", "nairobi", "2028"],
        {flow: 1} | dict.fromkeys(raised, -10),
        "≤",
        0,
    )
