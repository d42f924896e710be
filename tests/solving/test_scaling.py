"""Demand of very different size: the small stream is served, whatever the solver's tolerance."""

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from models.build import build_model
from models.instance import Instance
from optimizer import prove_bound, solve, verify
from optimizer.compiling import compile_model
from optimizer.highs import Job, run
from optimizer.highs.scaling import Scaling
from tests.small import demands, optimum, tiny, twins


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
