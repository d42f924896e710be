"""The pipeline of connections: what counts from when, by status; worked out by hand."""

from typing import Any

import numpy as np
import pytest

from models.build import build_model
from models.instance import Instance
from models.pipeline import steps
from models.problems import InstanceError
from optimizer.compiling import compile_model
from tests.small import assert_row, cost, optimum, solved, terms, tiny, years

STEPS = {"grid_mw": {2027: 5, 2028: 10, 2029: 25}}
LADDER = {"slip_months": {"announced": 18, "permitted": 9, "contracted": 3}}


def announced(pipeline: dict[str, Any] | None = None, **status: str) -> Instance:
    """Five years; 5 MW are there, 5 more are said for 2028, 15 more for 2029."""
    named = {year[1:]: one for year, one in status.items()}
    return tiny(
        horizon=years(5),
        sites={"oslo": STEPS | {"grid_status": named}},
        pipeline=LADDER if pipeline is None else pipeline,
    )


def by_year(inst: Instance) -> list[float]:
    return [inst.grid_mw("oslo", t) for t in inst.periods]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({}, [5, 10, 25, 25, 25]),
        ({"y2028": "energised"}, [5, 10, 25, 25, 25]),
        # From April 2029: the first period that starts later is 2030.
        ({"y2029": "contracted"}, [5, 10, 10, 25, 25]),
        # From July 2029, so 2030; the step of 2029 comes in time, with its own 15 MW.
        ({"y2028": "announced"}, [5, 5, 20, 25, 25]),
        ({"y2028": "permitted", "y2029": "announced"}, [5, 5, 10, 10, 25]),
    ],
)
def test_each_step_slips_by_its_status(status: dict[str, str], expected: list[float]) -> None:
    assert by_year(announced(**status)) == expected


def test_a_slip_of_some_days_less_than_a_period_costs_a_period() -> None:
    inst = announced({"slip_months": {"announced": 12}}, y2028="announced")
    assert by_year(inst) == [5, 5, 25, 25, 25]
    assert by_year(announced({"slip_months": {"announced": 11}}, y2028="announced"))[2] == 25


def test_what_does_not_count_is_never_there() -> None:
    relied = LADDER | {"counts": ["contracted", "energised"]}
    inst = announced(relied, y2028="announced", y2029="contracted")

    assert by_year(inst) == [5, 5, 5, 20, 20]
    assert [(step.status, step.mw, str(step.counted)) for step in steps(inst, "oslo")] == [
        ("energised", 5, "2027-01-01"),
        ("announced", 5, "None"),
        ("contracted", 15, "2029-04-01"),
    ]


def test_the_plan_waits_for_power() -> None:
    # Five units are asked for, 2.5 MW each. 5 MW hold two; all that counts in 2028 holds four, so
    # 10 Mtok/s are short; as announced from July 2029 on, the step of 2028 leaves 30 short then.
    seconds = [365, 366, 365, 365, 365]
    per_mtok_s = [days * 86_400 * 10 / 1e6 for days in seconds]
    prompt = solved(announced())
    late = solved(announced(y2028="announced"))

    short = 30 * per_mtok_s[0]
    assert terms(prompt) == pytest.approx(
        {"unit_capex": 200, "shortfall": short + 10 * per_mtok_s[1]}
    )
    assert cost(late) - cost(prompt) == pytest.approx(20 * per_mtok_s[1])


def test_the_row_of_power_carries_what_counts() -> None:
    m = build_model(announced(y2028="announced"))

    assert_row(
        m.site_power_limit["oslo", "2029"],
        {"online[oslo,gen1,2029]": 2.5, "is_open[oslo,2029]": -20},
        "≤",
        0,
    )


def test_orders_are_possible_only_where_power_counts() -> None:
    nothing = tiny(
        horizon=years(3),
        sites={"oslo": {"grid_mw": {2028: 25}, "grid_status": {2028: "announced"}}},
        pipeline={"counts": ["energised"]},
    )
    assert nothing.services == {}


def test_less_belief_never_costs_less() -> None:
    told = {"y2028": "permitted", "y2029": "announced"}
    costs = [
        optimum(announced(pipeline, **told))
        for pipeline in ({}, LADDER, LADDER | {"counts": ["permitted", "energised"]})
    ]
    assert costs == sorted(costs)
    assert costs[0] < costs[2]


def test_without_statuses_the_matrix_is_the_same() -> None:
    plain, ruled = tiny(horizon=years(5), sites={"oslo": STEPS}), announced()
    one, other = (compile_model(build_model(inst), inst).matrix for inst in (plain, ruled))

    assert np.array_equal(one.rows.data, other.rows.data)
    assert np.array_equal(one.upper, other.upper)
    assert np.array_equal(one.row_upper, other.row_upper)


def test_statuses_and_slips_can_be_changed() -> None:
    inst = announced(y2028="announced")
    paths: list[tuple[dict[str, object], list[float]]] = [
        ({"sites.oslo.grid_status.2028": "energised"}, [5, 10, 25, 25, 25]),
        ({"sites.oslo.grid_status.2029": "announced"}, [5, 5, 5, 10, 25]),
        ({"pipeline.slip_months.announced": 30}, [5, 5, 20, 20, 25]),
        ({"pipeline.slip_months.scale": 2}, [5, 5, 20, 20, 25]),
        ({"pipeline.counts": "contracted;energised"}, [5, 5, 20, 20, 20]),
        ({"pipeline.remove": True}, [5, 10, 25, 25, 25]),
    ]
    for changes, expected in paths:
        assert by_year(inst.with_changes(changes)) == expected
    bare = tiny(horizon=years(5), sites={"oslo": STEPS}, pipeline=LADDER)
    assert by_year(bare.with_changes({"sites.oslo.grid_status.2028": "announced"}))[1] == 5
    again = Instance.model_validate(inst.model_dump(mode="json"))
    assert again == inst


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sites": {"oslo": STEPS | {"grid_status": {2030: "announced"}}}},
         "grid_mw has no step on 2030-01-01; its steps are on 2027-01-01, 2028-01-01, 2029-01-01"),
        ({"sites": {"oslo": {"grid_mw": 25, "grid_status": {2027: "announced"}}}},
         "it is one number for always"),
        ({"sites": {"oslo": {"grid_mw": 25, "grid_status": "announced"}}}, "give it a date"),
        ({"sites": {"oslo": {"grid_mw": {2027: 25, 2028: 5}, "grid_status": {2027: "announced"}}}},
         "falls on 2028-01-01"),
        ({"sites": {"oslo": STEPS | {"grid_status": {2028: "rumoured"}}}}, "grid_status"),
        ({"pipeline": {"slip_months": {"energised": 3}}}, "what is energised cannot slip"),
        ({"pipeline": {"slip_months": {"rumoured": 3}}}, "slip_months"),
        ({"pipeline": {"slip_months": {"announced": -3}}}, "slip_months"),
        ({"pipeline": {"counts": ["contracted"]}}, "must hold 'energised'"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises((InstanceError, ValueError)) as caught:
        tiny(horizon=years(5), **changes)
    assert says in str(caught.value)
