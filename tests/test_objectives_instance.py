"""instances/objectives: each objective gives the plan worked out by hand in the file."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.checks import find_warnings
from models.entities.objective import ObjectiveName
from models.instance import Instance
from optimizer import read_instance, read_plan, solve, verify
from optimizer.cli.show import plan_in_words

FILE = "instances/objectives/instance.yaml"


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(FILE)


CASES: list[tuple[ObjectiveName, tuple[str, str, int], float, dict[str, float]]] = [
    ("cost", ("coal", "gen1", 4), 50.3368, {"cost": 50.3368}),
    ("profit", ("coal", "gen1", 8), -104.3104, {"cost_less_revenue": -104.3104}),
    ("serve_first", ("coal", "gen1", 10), 102.19, {"shortfall": 0, "cost": 102.19}),
    (
        "least_carbon",
        ("hydro", "gen2", 5),
        227.7375,
        {"shortfall": 0, "carbon": 547.5, "cost": 227.7375},
    ),
    (
        "tokens_per_mwh",
        ("coal", "gen2", 5),
        151.095,
        {"shortfall": 0, "energy": 54.75, "cost": 151.095},
    ),
]


@pytest.mark.parametrize(
    ("objective", "orders", "musd", "goals"), CASES, ids=[case[0] for case in CASES]
)
def test_each_objective_has_its_plan(
    inst: Instance,
    objective: ObjectiveName,
    orders: tuple[str, str, int],
    musd: float,
    goals: dict[str, float],
) -> None:
    plan = solve(inst, objective=objective)

    assert plan.verified
    assert plan.violations == ()
    assert (plan.status, plan.objective) == ("optimal", objective)
    assert plan.table("orders")[["site", "unit_type", "units"]].values.tolist() == [list(orders)]
    assert plan.objective_musd == pytest.approx(musd, rel=1e-5)
    assert sum(plan.costs_musd.values()) == plan.objective_musd
    told = {goal["name"]: goal["value"] for goal in plan.goals}
    assert told == pytest.approx(goals, rel=1e-5, abs=1e-5)
    assert [goal["name"] for goal in plan.goals] == list(goals)
    bounds = {goal["name"]: goal["bound"] for goal in plan.goals}
    assert bounds == pytest.approx(goals, rel=1e-5, abs=1e-5)


def test_revenue_is_told_with_every_objective_but_counts_in_one(inst: Instance) -> None:
    cost, profit = solve(inst), solve(inst, objective="profit")

    assert cost.kpis["revenue_musd"] == pytest.approx(20 * 6.3072)
    assert cost.costs_musd["revenue"] == 0
    assert profit.kpis["revenue_musd"] == pytest.approx(20 * 6.3072 + 20 * 3.1536)
    assert profit.costs_musd["revenue"] == pytest.approx(-20 * 6.3072 - 20 * 3.1536)
    paid = profit.table("cost_per_mtok")
    total = paid["musd"].sum() + paid["shortfall_musd"].sum() - paid["revenue_musd"].sum()
    assert total == pytest.approx(profit.objective_musd)
    # 81.752 of units and energy, 3.1536 of shortfall, for 40 · 31.536 million Mtok.
    assert profit.kpis["cost_per_mtok_usd"] == pytest.approx((81.752 + 3.1536) / (40 * 31.536))


def test_warnings(inst: Instance) -> None:
    assert find_warnings(inst) == []
    free = inst.with_changes({"workloads.*.revenue_usd_per_mtok": 0, "objective": "profit"})
    assert any("minus the cost" in one.message for one in find_warnings(free))


def test_the_command_line_asks_for_an_objective(inst: Instance, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    command = [sys.executable, "-m", "optimizer", "solve", FILE, "--objective", "least_carbon"]
    done = subprocess.run(
        [*command, "--out", str(out)], check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "least carbon" in done.stdout
    plan = read_plan(out)
    assert plan.objective == "least_carbon"
    assert [goal["unit"] for goal in plan.goals] == ["Ttok", "tCO2", "MUSD"]
    assert verify(inst.with_changes({"objective": "least_carbon"}), out).passed
    assert not verify(inst, out).passed


def test_the_printed_plan_says_what_it_adds_up_to(inst: Instance) -> None:
    plan = solve(inst, objective="profit")
    text = plan_in_words(inst, plan)
    assert "cost less revenue" in text
    assert "net present cost" not in text
    assert "cost less revenue" in plan._repr_html_()
