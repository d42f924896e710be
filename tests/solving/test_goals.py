"""Goals in order: held while the next is brought down, within time, with proofs."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from models.build import build_model
from models.instance import Instance
from models.objectives import COST
from models.problems import InstanceError
from optimizer import SolveError, highs, solve
from optimizer.compiling import compile_model
from optimizer.goals import search_goals
from optimizer.options import resolve
from optimizer.own import compile_with
from optimizer.search import News, Result
from tests.small import demands, tiny


def two_streams(**changes: Any) -> Instance:
    """Ten units of chat and ten of work on a site with room for ten; work counts double."""
    return tiny(
        throughput=[
            {"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
            {"unit_type": "gen1", "workload": "work", "mtok_s": 10},
        ],
        sites={"oslo": {"carbon_kg_per_mwh": 400}},
        workloads={
            "chat": {"shortfall_price_usd_per_mtok": 0.1},
            "work": {"shortfall_price_usd_per_mtok": 0.01, "shortfall_weight": 2},
        },
        demand=[
            *demands(("norway", "public", 2027, 50)),
            *demands(("norway", "public", 2027, 80), workload="work"),
        ],
        **changes,
    )


def test_weights_decide_who_is_served_first() -> None:
    # Ten of the 13 units that would be needed fit: all 80 of work and 20 of chat; 30 fall short.
    plan = solve(two_streams(), objective="serve_first")

    assert plan.verified
    served = plan.table("flows").groupby("workload")["mtok_s"].sum()
    assert served.to_dict() == pytest.approx({"chat": 20, "work": 80}, abs=1e-4)
    assert plan.goals[0]["value"] == pytest.approx(30 * 31.536, rel=1e-5)
    # At 3.1536 a Mtok/s and 40 a unit of 10 Mtok/s, least cost would build nothing at all.
    assert solve(two_streams()).table("orders").empty


def test_without_a_plan_goals_have_no_value() -> None:
    inst = tiny(
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}},
        carbon={"caps": {"all": {"tco2_per_year": 1}}},
        sites={"oslo": {"carbon_kg_per_mwh": 400}},
        objective="least_carbon",
    )
    plan = solve(inst)

    assert plan.status == "infeasible"
    assert plan.objective_musd is None
    assert {goal["value"] for goal in plan.goals} <= {None}
    assert any(reason.startswith("carbon.caps.all.tco2_per_year: ") for reason in plan.reasons)


def test_profit_leaves_what_does_not_pay() -> None:
    # 10 Mtok/s bring 315.36 · r / 10 a year and cost 40: at 0.1 USD 31.536, at 0.2 USD 63.072.
    must = {"shortfall_price_usd_per_mtok": None}
    poor = tiny(objective="profit", workloads={"chat": must | {"revenue_usd_per_mtok": 0.1}})
    rich = tiny(objective="profit", workloads={"chat": must | {"revenue_usd_per_mtok": 0.2}})

    nothing, all_of_it = solve(poor), solve(rich)
    assert nothing.verified
    assert nothing.objective_musd == 0
    assert nothing.kpis["shortfall_ttok"] == pytest.approx(50 * 31.536)
    assert all_of_it.verified
    assert all_of_it.objective_musd == pytest.approx(200 - 5 * 63.072)
    assert "demand" not in set(all_of_it.table("limits")["limit"])


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(InstanceError, match="objective"):
        solve(tiny(), objective="luck")  # type: ignore[arg-type]


def test_limits_on_measures_and_news_of_each_goal() -> None:
    # A unit emits 8.76 kt; at most 20 kt leave room for two of five.
    inst = tiny(sites={"oslo": {"carbon_kg_per_mwh": 400}}, unit_types={"gen1": {"idle_share": 1}})
    heard: list[News] = []
    with highs.Crew() as crew:
        found = search_goals(
            crew,
            compile_with((), inst),
            resolve(inst, time_limit=60),
            ("cost", "energy"),
            most={"carbon": 20_000},
            tell=heard.append,
        )
    assert found.result.bound == pytest.approx(2 * 21.9)
    assert found.proofs["cost"].bound == pytest.approx(80 + 30 * 315.36)
    assert all(proof.reached for proof in found.proofs.values())
    stages = {news.stage.partition(":")[0] for news in heard}
    assert stages == {"least cost", "least energy"}
    assert all(news.objective is None for news in heard if "energy" in news.stage)
    assert [news.seconds for news in heard] == sorted(news.seconds for news in heard)


@pytest.mark.parametrize(
    ("second", "said", "interrupted"),
    [
        (SolveError("it crashed"), ["the search ended early"], False),
        (KeyboardInterrupt(), [], True),
    ],
)
def test_what_ends_the_search_for_the_second_goal_leaves_the_plan_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
    second: BaseException,
    said: list[str],
    interrupted: bool,
) -> None:
    inst = two_streams()
    compiled = compile_model(build_model(inst, merge=True), inst)
    x = np.where(compiled.matrix.whole, 1.0, 0.0)
    first = compiled.matrix.value(x)
    answers: list[Result | BaseException] = [Result("found", x, first), second]

    def answered(*_: object, **__: object) -> Result:
        answer = answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(import_module("optimizer.goals"), "search", answered)
    goals = [COST, "energy"]
    with highs.Crew() as crew:
        found = search_goals(crew, compiled, resolve(compiled.inst), goals)

    assert found.result.status == "found"
    assert [why.split(",")[0] for why in found.result.reasons] == said
    assert found.result.interrupted is interrupted
    assert [proof.reached for proof in found.proofs.values()] == [True, False]
    assert found.proofs["energy"].bound is None


def test_a_doubt_about_one_goal_leaves_the_next_to_be_searched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inst = two_streams()
    compiled = compile_model(build_model(inst, merge=True), inst)
    x = np.where(compiled.matrix.whole, 1.0, 0.0)
    doubted = Result("unknown", None, None, ("not confirmed",))
    answers = [Result("found", x, 1.0), doubted, Result("found", x, 1.0)]
    module = import_module("optimizer.goals")
    monkeypatch.setattr(module, "search", lambda *_, **__: answers.pop(0))
    with highs.Crew() as crew:
        search_goals(crew, compiled, resolve(compiled.inst), [COST, "energy", "shortfall"])

    assert not answers
