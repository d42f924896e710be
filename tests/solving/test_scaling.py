"""Demand of very different size: the small stream is served, whatever the solver's tolerance."""

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from scipy.sparse import csc_array

from models.build import build_model
from models.instance import Instance
from optimizer import prove_bound, read_instance, solve, verify
from optimizer.compiling import compile_model
from optimizer.highs import Job, run
from optimizer.highs.scaling import HIGH, LOW, Scaling
from optimizer.matrix import Matrix
from optimizer.screening.ranges import ranges
from optimizer.search.bound import dual_bound
from tests.small import demands, optimum, tiny, twins

INSTANCES = Path(__file__).parents[2] / "instances"


def two_streams(norway: float, kenya: float, per_unit: float, **workload: Any) -> Instance:
    """Health data of Kenya must be served at Nairobi, which is closed at first."""
    return twins(
        data_classes={"health": {"compute": ["HOME"]}},
        sites={"oslo": {"grid_mw": 5000, "initial_hall_mw": 4000}},
        throughput=[{"unit_type": "gen1", "workload": "chat", "mtok_s": per_unit}],
        workloads={"chat": workload},
        demand=demands(("norway", "public", 2027, norway), ("kenya", "health", 2027, kenya)),
    )


FIRM: dict[str, Any] = {"shortfall_price_usd_per_mtok": None}


@pytest.mark.parametrize("method", ["monolith", "search"])
@pytest.mark.parametrize(
    ("norway", "kenya", "per_unit", "musd"),
    [
        # A unit costs 40 MUSD; at Nairobi it needs a hall of 4 MW for 5 MUSD each: 20 MUSD.
        # A thousand million times less is still 1 unit: 1000 at Oslo, 1 at Nairobi.
        (1e4, 1e-5, 10, 1000 * 40 + 60),
        # One unit makes all of Norway's, and nothing beside it: one at Oslo, one at Nairobi.
        (1e4, 1e-5, 1e4, 40 + 60),
        (1e4, 1e-4, 1e4, 40 + 60),
        # One unit makes both, at Nairobi.
        (100, 1e-5, 1000, 60),
    ],
)
def test_a_stream_a_thousand_million_times_smaller_is_served(
    norway: float,
    kenya: float,
    per_unit: float,
    musd: float,
    method: Literal["monolith", "search"],
) -> None:
    inst = two_streams(norway, kenya, per_unit, **FIRM)
    plan = solve(inst, method=method)

    assert plan.verified
    assert plan.status == "optimal"
    assert plan.objective_musd == pytest.approx(musd)
    # Without scaling the small stream is lost: it is served by no unit at all.
    assert optimum(inst) < musd - 1


def test_a_small_stream_that_is_dear_to_miss_is_served() -> None:
    # Missing 1e-5 Mtok/s costs 1e7 USD/Mtok · 31.536 million Mtok · 1e-5 = 3153.6 MUSD.
    plan = solve(two_streams(1e4, 1e-5, 1e4, shortfall_price_usd_per_mtok=1e7))

    assert plan.verified
    assert plan.objective_musd == pytest.approx(100)


def test_a_small_stream_that_is_cheap_to_miss_is_not() -> None:
    # Missing it costs 10 USD/Mtok · 31.536 million Mtok · 1e-5 = 0.0031536 MUSD.
    plan = solve(two_streams(1e4, 1e-5, 1e4, shortfall_price_usd_per_mtok=10))

    assert plan.verified
    assert plan.objective_musd == pytest.approx(40.0031536, abs=1e-7)


def test_the_bound_is_proven_again_in_the_units_of_the_instance(tmp_path: Path) -> None:
    inst = two_streams(1e4, 1e-5, 1e4, **FIRM)
    plan = solve(inst, method="search")
    proven = prove_bound(inst, plan)

    assert proven.violations == ()
    # The relaxation buys the two streams' part of a unit: no more than 100 MUSD, and about 40.
    assert 39 < proven.musd <= 100
    assert verify(inst, plan.save(tmp_path / "plan")).passed


def test_powers_of_two_change_no_digit() -> None:
    inst = two_streams(1e4, 1e-5, 1e4, **FIRM)
    matrix = compile_model(build_model(inst), inst).matrix
    scaling = Scaling.of(matrix)
    assert scaling is not None
    count = len(matrix.row_lower)
    back = scaling.matrix.rows.toarray()[:count] / scaling.rows[:, None] / scaling.columns

    assert (back == matrix.rows.toarray()).all()
    assert (scaling.matrix.upper * scaling.columns == matrix.upper).all()
    assert (scaling.matrix.cost / scaling.columns == matrix.cost).all()
    assert (scaling.columns[matrix.whole] == 1).all()
    assert (scaling.columns < 1).any()


def test_links_hold_for_the_plan_and_values_come_back() -> None:
    inst = two_streams(1e4, 1e-5, 1e4, **FIRM)
    matrix = compile_model(build_model(inst), inst).matrix
    outcome = run(Job(matrix))
    assert outcome.x is not None
    miss = np.maximum(matrix.rows @ outcome.x - matrix.row_upper, 0)

    assert matrix.value(outcome.x) == pytest.approx(100)
    assert miss.max() <= 1e-9


def test_a_problem_without_small_figures_is_left_alone() -> None:
    inst = tiny()
    assert Scaling.of(compile_model(build_model(inst), inst).matrix) is None


def rows_of(*rows: list[float]) -> Matrix:
    """Two variables of at most 9 in rows that may be at most 7."""
    return Matrix(
        cost=np.array([-1.0, -1.0]),
        offset=0.0,
        rows=csc_array(np.array(rows)),
        row_lower=np.full(len(rows), -np.inf),
        row_upper=np.full(len(rows), 7.0),
        lower=np.zeros(2),
        upper=np.full(2, 9.0),
        whole=np.array([True, False]),
    )


def test_a_row_of_large_figures_comes_between_the_ends() -> None:
    # The middle of 1 and 40,000 is 200, and 128 the power of two below: 1/128 and 312.5. Together
    # they may be 7: x <= 7 in the second row, and y <= 7 / 40,000 in the first.
    matrix = rows_of([1.0, 40_000.0], [1.0, 0.0])
    scaling = Scaling.of(matrix)
    assert scaling is not None
    assert not scaling.fine
    assert scaling.rows.tolist() == [1 / 128, 1.0]
    assert scaling.matrix.rows.toarray()[0].tolist() == [1 / 128, 312.5]
    assert scaling.matrix.row_upper.tolist() == [7 / 128, 7.0]
    outcome = run(Job(matrix.relaxed(), method="simplex"))
    assert outcome.x is not None
    assert outcome.row_duals is not None
    assert dual_bound(matrix, outcome.row_duals) == pytest.approx(matrix.value(outcome.x))


def test_a_row_of_small_figures_comes_between_the_ends() -> None:
    # The middle of 0.0001 and 1 is 0.01, and 1/128 the power of two below: 0.0128 and 128.
    scaling = Scaling.of(rows_of([0.0001, 1.0]))
    assert scaling is not None
    assert scaling.matrix.rows.toarray()[0].tolist() == [0.0128, 128.0]


def test_figures_at_the_ends_are_left_alone() -> None:
    assert Scaling.of(rows_of([0.001, 10_000.0], [0.0, 0.0])) is None


@pytest.mark.parametrize("path", sorted(map(str, INSTANCES.glob("*/instance.yaml"))))
def test_shipped_instances_are_handed_over_within_the_ends(path: str) -> None:
    inst = read_instance(path)
    for future in (inst.scenario_instances or {"": inst}).values():
        for one in ranges(compile_model(build_model(future, merge=True), future)):
            assert LOW <= one.handed_least <= one.handed_most <= HIGH, one
