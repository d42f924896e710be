"""The report of a plan with scenarios: what ties them, and one of them in full."""

from pathlib import Path

import pytest

from optimizer import Plan, PlanError, read_instance, report, solve
from optimizer.report.contents import figures
from optimizer.report.reading import Reading

SHIPPED = Path(__file__).parents[2] / "instances" / "uncertain-demand" / "instance.yaml"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve(read_instance(SHIPPED), gap=0.05)


def test_the_likeliest_scenario_is_shown_unless_another_is_named(plan: Plan) -> None:
    likeliest, named = Reading.of(plan), Reading.of(plan, "boom")

    assert (likeliest.scenario, named.scenario) == ("forecast", "boom")
    assert named.plan.objective_musd == plan.scenario("boom").objective_musd
    shown = figures(named)
    assert shown["scenarios"].table["scenario"].tolist() == list(plan.by_scenario)
    assert shown["no-regret"].table.equals(plan.tables["no_regret"])
    assert "timeline" in shown


def test_the_page_names_the_scenarios(plan: Plan, tmp_path: Path) -> None:
    text = report(plan, tmp_path / "report.html").read_text()

    assert "Whatever the future brings" in text
    assert all(name in text for name in plan.by_scenario)


def test_an_unknown_scenario_is_refused_by_name(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no scenario 'doom'; there are: forecast, boom"):
        report(plan, tmp_path / "report.html", scenario="doom")
    assert not list(tmp_path.iterdir())
