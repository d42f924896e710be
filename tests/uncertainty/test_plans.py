"""Plans with scenarios: kept and read, one scenario at a time, compared, started from, printed."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from optimizer import (
    Plan,
    PlanError,
    compare,
    read_instance,
    read_plan,
    run_study,
    solve,
    verify,
)
from optimizer.cli import cli
from optimizer.cli.show import plan_in_words
from optimizer.search import News
from optimizer.starts import decisions_in, decisions_of, of_scenario
from tests.small import demands, twins
from tests.uncertainty.three import DEMAND, three

SHIPPED = Path(__file__).parents[2] / "instances" / "uncertain-demand"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve(three().with_changes({"scenarios.high.revealed": "2026-06"}))


class Shipped(NamedTuple):
    """The shipped instance, solved on the command line: what it printed, and its folder."""

    printed: Result
    folder: Path


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    out = tmp_path_factory.mktemp("shipped") / "out"
    return Shipped(CliRunner().invoke(cli, ["solve", str(SHIPPED), "--out", str(out)]), out)


@pytest.fixture
def folder(plan: Plan, tmp_path: Path) -> Path:
    return plan.save(tmp_path / "plan")


def test_a_folder_gives_the_plan_back(plan: Plan, folder: Path) -> None:
    again = read_plan(folder)

    assert again.objective_musd == plan.objective_musd
    assert again.by_scenario == plan.by_scenario
    for name, frame in plan.tables.items():
        assert list(again.tables[name].columns) == list(frame.columns)
        assert len(again.tables[name]) == len(frame)
    assert again.scenario("high").units_ordered("oslo", "gen1", 2027) == 3
    assert plan.instance is not None
    assert verify(plan.instance, folder).passed
    assert verify(plan.instance, again).passed


def test_files_that_differ_are_refused(plan: Plan, folder: Path) -> None:
    file = folder / "tables" / "triggers.csv"
    file.write_text(file.read_text().replace("high", "mid"))
    assert plan.instance is not None

    found = verify(plan.instance, folder).violations

    assert any("triggers.csv and triggers.parquet do not say the same" in v.message for v in found)


def test_the_plan_of_a_scenario_is_a_plan_like_any_other(plan: Plan, tmp_path: Path) -> None:
    high = plan.scenario("high")

    assert high.instance is not None
    assert not high.instance.scenarios
    assert high.objective_musd == pytest.approx(120)
    assert high.bound_musd == pytest.approx(120)
    assert high.status == "optimal"
    assert "scenario" not in high.table("orders")
    assert verify(high.instance, high).passed
    assert verify(high.instance, high.save(tmp_path / "high")).passed
    assert "120" in high._repr_html_()
    difference = compare(plan.scenario("low"), high)
    assert difference is not None
    with pytest.raises(KeyError, match="no scenario is called 'dream'; there are: low, mid, high"):
        plan.scenario("dream")
    with pytest.raises(KeyError, match="there are: none"):
        high.scenario("low")


def test_plans_of_all_scenarios_are_not_compared(plan: Plan, folder: Path) -> None:
    with pytest.raises(PlanError, match="has scenarios; compare plans of one"):
        compare(plan, plan.scenario("low"))
    with pytest.raises(PlanError, match="low, mid, high"):
        compare(folder, folder)


def test_what_it_decides_is_a_start_for_the_next(plan: Plan, folder: Path) -> None:
    told = decisions_of(plan)

    assert told == decisions_in(folder)
    assert of_scenario(told, "high") == {"orders": [["oslo", "gen1", "2027", 3]]}
    assert of_scenario(decisions_of(plan.scenario("high")), "low")["orders"] == [
        ["oslo", "gen1", "2027", 3]
    ]
    heard: list[News] = []
    again = solve(three((0.6, 0.2, 0.2)), start=plan, on_progress=heard.append)
    assert again.verified
    stages = list(dict.fromkeys(news.stage.partition(":")[0] for news in heard))
    assert stages[:2] == ["method search", "scenario low alone"]
    assert stages[-1] == "all scenarios together"
    assert any("first decisions of scenario low, then" in stage for stage in stages)


def test_in_a_notebook_and_in_print(plan: Plan) -> None:
    html = plan._repr_html_()
    assert "expected net present cost" in html
    assert "known from the start" in html
    assert plan.instance is not None
    text = plan_in_words(plan.instance, plan)
    assert "Ordered in every scenario" in text
    assert "the most that a perfect forecast would be worth" in text
    assert max(map(len, text.splitlines())) <= 100


def test_an_infeasible_scenario_is_named() -> None:
    """Demand of 2027 must be served, and in `high` Oslo's connection carries nothing."""
    inst = three(
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}},
        unit_types={"gen1": {"lead_months": 0}},
    ).with_changes({"scenarios.high.changes": {"sites.oslo.grid_mw": 2.5}})
    # 2.5 MW carry one unit, 10 Mtok/s; high asks for 10 then. So take its throughput as well.
    inst = inst.with_changes({"scenarios.high.changes": {f"{DEMAND}.mtok_s": 300}})

    plan = solve(inst)

    assert plan.status == "infeasible"
    assert plan.reasons[0] == "scenario high alone has no plan"
    assert any("scenario high" in reason for reason in plan.reasons[1:])


def test_scenarios_that_exclude_each_other() -> None:
    """Each scenario has a plan, but with one first decision for both there is none."""
    # In `north` only Oslo may serve by law, in `south` only Nairobi. The pool pays for one unit of
    # 40 MUSD in 2027, when both must be ordered.
    inst = twins(
        horizon={"start": 2027, "months": 12, "count": 2},
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}},
        unit_types={"gen1": {"lead_months": 12}},
        sites={"nairobi": {"opened": True, "initial_hall_mw": 20}},
        budget={"pools": {"all": {"grants": 40}}},
        demand=demands(("norway", "public", 2027, 0), ("norway", "public", 2028, 10)),
        scenarios={
            "north": {"probability": 0.5, "revealed": 2028,
                      "changes": {"data_classes.public.compute": ["NO"]}},
            "south": {"probability": 0.5, "revealed": 2028,
                      "changes": {"data_classes.public.compute": ["KE"]}},
        },
    )  # fmt: skip

    plan = solve(inst)

    assert plan.status == "infeasible"
    assert plan.reasons[0] == (
        "each scenario has a plan, but not all of them with the same first decisions"
    )
    # With 80 MUSD both are ordered: first decisions of one still leave the other without a plan.
    richer = solve(inst.with_changes({"budget.pools.all.grants": 80}))
    assert richer.objective_musd == pytest.approx(80)
    assert richer.verified
    assert "value_of_stochastic_solution_musd" not in richer.kpis
    assert richer.reasons == (
        "no value of the stochastic solution: to begin as is best for scenario north leaves "
        "another scenario without a plan",
    )


def test_a_short_time_limit_leaves_a_plan_or_says_so() -> None:
    plan = solve(three(), time_limit=0.5)

    assert plan.status in ("optimal", "feasible", "unknown")
    assert plan.verified == (plan.objective_musd is not None)


def test_interrupted_with_what_there_is() -> None:
    """Interrupted while all scenarios are looked at together, it keeps the plan in hand."""

    def interrupt(news: News) -> None:
        if news.stage.startswith("all scenarios together: known plans"):
            raise KeyboardInterrupt

    plan = solve(three((0.4, 0.3, 0.3)), on_progress=interrupt)

    assert "interrupted" in plan.reasons
    assert plan.verified


def test_the_command_line(shipped: Shipped) -> None:
    done = shipped.printed
    assert done.exit_code == 0, done.output
    for words in ("forecast", "plateau", "regret", "Ordered in every scenario", "decide by"):
        assert words in done.output
    done = CliRunner().invoke(cli, ["verify", str(SHIPPED), str(shipped.folder)])
    assert done.exit_code == 0, done.output
    assert "scenarios" in done.output


def first_orders(plan: Plan, table: Callable[[Plan], Plan] = lambda plan: plan) -> set[object]:
    """What a plan orders before anything is revealed."""
    orders = plan.tables["orders"]
    early = orders[orders["period"].isin(["2027-01", "2027-07"])]
    return set(early[["site", "unit_type", "period", "units"]].itertuples(index=False, name=None))


def test_the_shipped_instance_hedges(shipped: Shipped) -> None:
    """The plan for all three futures begins otherwise than the plan for any one of them."""
    inst = read_instance(SHIPPED)
    plan = read_plan(shipped.folder)

    assert plan.status == "optimal"
    assert plan.verified
    assert plan.seconds["total"] < 60
    first = first_orders(plan.scenario("forecast"))
    assert first == first_orders(plan.scenario("boom")) == first_orders(plan.scenario("plateau"))
    for future in inst.scenario_instances.values():
        assert first_orders(solve(future)) != first
    certain = solve(inst.with_changes({"scenarios.remove": True}))
    assert certain.objective_musd is not None
    forecast = plan.table("scenarios").set_index("scenario")["best_cost_musd"]["forecast"]
    assert certain.objective_musd == pytest.approx(forecast, rel=2e-3)
    assert plan.kpis["value_of_stochastic_solution_musd"] > 0


@pytest.mark.slow
def test_a_study_of_an_uncertain_instance(tmp_path: Path) -> None:
    """Cases change the instance that scenarios build on, probabilities, and what is minimised."""
    file = tmp_path / "study.yaml"
    file.write_text(
        f"name: uncertain\ninstance: {SHIPPED / 'instance.yaml'}\n"
        "cases:\n"
        "  cheap: {changes: {unit_types.module.capex_musd.scale: 0.8}}\n"
        "  careful: {changes: {risk.measure: regret}}\n"
        "  likely:\n    changes:\n      scenarios.boom.probability: 0.5\n"
        "      scenarios.forecast.probability: 0.25\n"
        "solve: {gap: 0.02}\n",
        encoding="utf-8",
    )

    results = {one.case.name: one for one in run_study(file, out=tmp_path / "out", workers=1)}

    assert {one.status for one in results.values()} == {"optimal"}
    objective = {name: one.objective_musd for name, one in results.items()}
    assert objective["cheap"] < objective["base"] < objective["likely"]
    assert objective["careful"] < objective["base"] / 5
    told = read_plan(next((tmp_path / "out" / "cases").iterdir()))
    assert set(told.table("orders")["scenario"]) <= {"forecast", "boom", "plateau"}
