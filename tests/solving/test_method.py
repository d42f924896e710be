"""Which way an instance is solved, and that every way finds the same plan."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from models.instance import Instance
from optimizer import Plan, read_instance, solve
from optimizer.cli import cli
from optimizer.method import way
from tests.uncertainty.three import three

INSTANCES = Path(__file__).parents[2] / "instances"


@pytest.fixture(scope="module")
def protected() -> Instance:
    return read_instance(INSTANCES / "n-minus-one")


def test_small_instances_are_searched_as_one_model(protected: Instance) -> None:
    for inst in (three(), protected):
        assert way(inst, "auto").method == "search"
        assert "one model" in way(inst, "auto").why


def test_many_contingency_routes_come_on_demand(
    protected: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.method.AT_ONCE", 1)
    how = way(protected, "auto")
    assert (how.method, how.states_on_demand, how.scenarios_apart) == ("decompose", True, False)
    assert "contingencies have" in how.why
    # A family of one's own may read what contingencies do, so that all of them are in the model.
    assert way(protected, "auto", own=[object()]).method == "search"


def test_many_routes_of_all_scenarios_keep_them_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.method.MOST_TOGETHER", 1)
    how = way(three(), "auto")
    assert (how.method, how.states_on_demand, how.scenarios_apart) == ("decompose", False, True)
    assert "all scenarios together have" in how.why


@pytest.mark.parametrize("method", ["monolith", "search", "decompose"])
def test_every_way_finds_the_plan_with_scenarios(method: str) -> None:
    # One unit is best: 0.65 · 40 + 0.15 · 140 + 0.2 · 240 = 95 MUSD.
    assert_found(solve(three(), gap=0, method=method), 95.0, method)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["monolith", "search"])
def test_every_way_finds_the_plan_without(method: str) -> None:
    # The hand value of instances/tiny.
    plan = solve(read_instance(INSTANCES / "tiny"), gap=0, method=method)  # type: ignore[arg-type]
    assert_found(plan, 138.04082725, method)


def assert_found(plan: Plan, musd: float, method: str) -> None:
    assert plan.verified
    assert plan.status == "optimal"
    assert plan.objective_musd == pytest.approx(musd, rel=1e-6)
    assert plan.options["method"] == method


def test_nothing_to_decompose_by_is_refused_in_words() -> None:
    arguments = ["solve", str(INSTANCES / "tiny"), "--method", "decompose", "--json"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 2
    assert "neither scenarios, nor contingencies" in result.output


def test_the_instance_may_say_how(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    arguments = ["solve", str(INSTANCES / "tiny"), "--set", "solve.method=monolith"]
    result = CliRunner().invoke(cli, [*arguments, "--out", str(out), "--quiet"])
    assert result.exit_code == 0
    told = json.loads((out / "plan.json").read_text())["options"]
    assert told["method"] == "monolith"
    assert told["method_why"] == "as asked"


def test_a_method_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="method must be one of auto, monolith"):
        solve(three(), method="guess")  # type: ignore[arg-type]
