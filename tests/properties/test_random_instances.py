"""On random small instances: plans are checked, exact, and never worse for having more."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models.build import build_model
from models.instance import Instance
from optimizer import solve
from optimizer.compiling import compile_model
from tests.properties.by_hand import formulate
from tests.properties.common import RELATIVE, close, examples
from tests.properties.strategies import instances, yearly
from tests.small import milp_solution, optimum


def made(raw: dict[str, Any]) -> Instance:
    return Instance.model_validate(raw)


def check_plan(raw: dict[str, Any]) -> None:
    """The plan is optimal and verified, and costs what scipy and other settings find."""
    inst = made(raw)
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.verified
    assert plan.status == "optimal"
    matrix = compile_model(build_model(inst), inst).matrix
    x = milp_solution(matrix)
    assert x is not None
    assert plan.objective_musd == close(matrix.value(x))
    event(f"orders: {min(3, len(plan.table('orders')))} or more")


def check_merging(raw: dict[str, Any]) -> None:
    inst = made(raw)
    merged, apart = optimum(inst, merge=True), optimum(inst, merge=False)
    event(f"merged: {len(build_model(inst, merge=True).groups) < len(inst.streams)}")
    assert merged == close(apart)


def check_second_formulation(raw: dict[str, Any]) -> None:
    assert optimum(made(raw)) == close(formulate(raw).optimum())


def no_worse(more: dict[str, Any], raw: dict[str, Any]) -> None:
    before, after = optimum(made(raw)), optimum(made(more))
    event(f"cheaper: {after < before - 1e-6}")
    assert after <= before + RELATIVE * max(1.0, abs(before))


@examples(10)
@given(instances())
def test_plans_are_verified_and_as_cheap_as_scipy_finds(raw: dict[str, Any]) -> None:
    check_plan(raw)


@pytest.mark.slow
@examples(600)
@given(instances())
def test_many_plans_are_verified_and_as_cheap_as_scipy_finds(raw: dict[str, Any]) -> None:
    check_plan(raw)


@examples(25)
@given(instances())
def test_merging_equivalent_streams_keeps_the_optimum(raw: dict[str, Any]) -> None:
    check_merging(raw)


@pytest.mark.slow
@examples(1000)
@given(instances())
def test_merging_keeps_the_optimum_of_many(raw: dict[str, Any]) -> None:
    check_merging(raw)


@examples(50)
@given(yearly())
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@pytest.mark.slow
@examples(1000)
@given(yearly())
def test_a_second_formulation_finds_the_same_optimum_of_many(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


# More never costs more. Each change keeps every plan of the instance possible at the same cost.


def more_money(raw: dict[str, Any], factor: float) -> dict[str, Any]:
    more = deepcopy(raw)
    for pool in more["budget"]["pools"].values():
        pool["grants"] = {day: factor * musd for day, musd in pool["grants"].items()}
    return more


def more_power(raw: dict[str, Any], factor: float) -> dict[str, Any]:
    more = deepcopy(raw)
    for table, field in (("sites", "grid_mw"), ("grid_regions", "cap_mw")):
        for record in more[table].values():
            mw = record[field]
            steps = isinstance(mw, dict)
            record[field] = {day: factor * x for day, x in mw.items()} if steps else factor * mw
    return more


def one_more_site(raw: dict[str, Any], _: float) -> dict[str, Any]:
    """The first site once more, closed and empty, beside any grid region."""
    more = deepcopy(raw)
    twin = deepcopy(raw["sites"]["s0"]) | {"opened": False, "initial_hall_mw": 0, "grid_mw": 6.1}
    twin.pop("grid_region", None)
    more["sites"]["twin"] = twin
    return more


def a_milder_law(raw: dict[str, Any], _: float) -> dict[str, Any]:
    more = deepcopy(raw)
    more["data_classes"]["health"] = {}
    more["residency"] = []
    for workload in more["workloads"].values():
        workload.pop("latency_limit_ms", None)
    return more


def a_larger_quota(raw: dict[str, Any], factor: float) -> dict[str, Any]:
    more = deepcopy(raw)
    for quota in more["quotas"].values():
        per_year = quota["per_year"]
        steps = isinstance(per_year, dict)
        quota["per_year"] = (
            {day: factor * x for day, x in per_year.items()} if steps else factor * per_year
        )
    return more


@pytest.mark.parametrize(
    "change", [more_money, more_power, one_more_site, a_milder_law, a_larger_quota]
)
@examples(12)
@given(raw=instances(), factor=st.sampled_from([1.05, 1.5, 3.0]))
def test_more_never_costs_more(change: Any, raw: dict[str, Any], factor: float) -> None:
    no_worse(change(raw, factor), raw)


@pytest.mark.slow
@pytest.mark.parametrize(
    "change", [more_money, more_power, one_more_site, a_milder_law, a_larger_quota]
)
@examples(400)
@given(raw=instances(), factor=st.sampled_from([1.05, 1.5, 3.0]))
def test_more_never_costs_more_of_many(change: Any, raw: dict[str, Any], factor: float) -> None:
    no_worse(change(raw, factor), raw)


# Brute force: few enough choices to try each of them.

FEW = 600


def small_enough(raw: dict[str, Any]) -> bool:
    return formulate(raw).choices() <= FEW


def smaller(raw: dict[str, Any]) -> dict[str, Any]:
    """One or two sites with little power, one unit type: a few hundred choices at most."""
    few = deepcopy(raw)
    few["sites"] = dict(list(few["sites"].items())[:2])
    few["initial_units"] = []
    for number, site in enumerate(few["sites"].values()):
        site["grid_mw"] = (1.9, 1.0)[number]
        site["hall_block_mw"] = 2
        site["min_build_mw"] = min(site["min_build_mw"], 2)
    few["unit_types"] = {"u0": few["unit_types"]["u0"]}
    few["throughput"] = [row for row in few["throughput"] if row["unit_type"] == "u0"]
    few["workloads"] = {"k0": few["workloads"]["k0"]}
    few["throughput"] = [row for row in few["throughput"] if row["workload"] == "k0"]
    few["demand"] = [row | {"workload": "k0"} for row in few["demand"]]
    rows = {(row["region"], row["data_class"], row["date"]): row for row in few["demand"]}
    few["demand"] = list(rows.values())
    for quota in few["quotas"].values():
        quota["unit_types"] = ["u0"]
    return few


@examples(12)
@given(yearly(most_years=2).map(smaller).filter(small_enough))
def test_no_choice_of_whole_numbers_is_cheaper(raw: dict[str, Any]) -> None:
    assert optimum(made(raw)) == close(formulate(raw).cheapest_choice())


@pytest.mark.slow
@examples(200)
@given(yearly(most_years=2).map(smaller).filter(small_enough))
def test_no_choice_of_whole_numbers_is_cheaper_in_many(raw: dict[str, Any]) -> None:
    assert optimum(made(raw)) == close(formulate(raw).cheapest_choice())
