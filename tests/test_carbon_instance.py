"""instances/carbon: the plan is the one worked out by hand in the file; price and cap change it."""

from typing import Any

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import Plan, read_instance, solve
from optimizer.cli.show import plan_in_words


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance("instances/carbon/instance.yaml")


@pytest.fixture(scope="module")
def plan(inst: Instance) -> Plan:
    return solve(inst)


FREE = {"carbon.price_usd_per_t": 0, "carbon.caps": {}}


@pytest.mark.parametrize(
    ("changes", "desert", "fjord", "musd", "kt"),
    [
        (FREE, 3, 0, 10.314, 14.7825),
        ({"carbon.caps": {}}, 1, 2, 11.50755, 5.3655),
        ({"solve.gap": 0}, 3, 2, 17.28855, 2.7375),
    ],
    ids=["free", "price", "price and cap"],
)
def test_price_and_cap_move_the_work(
    inst: Instance, changes: dict[str, Any], desert: int, fjord: int, musd: float, kt: float
) -> None:
    plan = solve(inst.with_changes(changes))

    assert plan.verified
    assert plan.units_ordered("desert", "module", 2027) == desert
    assert plan.units_ordered("fjord", "module", 2027) == fjord
    assert plan.objective_musd == pytest.approx(musd)
    assert plan.table("emissions")["tco2"].sum() == pytest.approx(1000 * kt)


def test_figures(inst: Instance, plan: Plan) -> None:
    assert find_warnings(inst) == []
    assert plan.kpis["embodied_tco2"] == pytest.approx(5000)
    assert plan.kpis["tco2"] == pytest.approx(7737.5)
    # 6 Mtok/s for 31.536 million s.
    assert plan.kpis["gco2_per_mtok"] == pytest.approx(7737.5e6 / (6 * 31.536e6))
    assert plan.costs_musd["carbon"] == pytest.approx(0.27375)
    limit = plan.table("limits").set_index("limit").loc["carbon"]
    assert (limit["at"], limit["use"], limit["unit"]) == (
        "programme",
        pytest.approx(2.7375),
        "ktCO2",
    )
    assert limit["allowed"] == pytest.approx(2.75 * 365 / 365.25)


def test_the_desert_works_in_the_sun(plan: Plan) -> None:
    work = plan.table("runs").set_index(["site", "slice"])["units"]

    assert work["desert"].to_dict() == pytest.approx({"sun": 3})
    assert work["fjord"].to_dict() == pytest.approx({"sun": 2, "dark": 2})


def test_the_printed_plan_names_the_cost(inst: Instance, plan: Plan) -> None:
    assert "carbon  " in plan_in_words(inst, plan)
