"""Efficiency: a floor on the tokens made of each MWh."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from tests.small import (
    SHORT,
    assert_row,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    twins,
    values,
)

MWH = 21_900
"""A unit at work for a year draws 2.5 MW · 8 760 h; it makes 10 · 31.536 million Mtok of it."""

BEST = 315.36e6 / MWH
"""14 400 Mtok per MWh."""


def floored(demand: float, floor: float, **cover: Any) -> Instance:
    """What is asked for, of units that draw as much when they idle."""
    return tiny(
        demand=[
            {
                "region": "norway",
                "workload": "chat",
                "data_class": "public",
                "date": 2027,
                "mtok_s": demand,
            }
        ],
        unit_types={"gen1": {"idle_share": 1}},
        efficiency_floors={"all": {"mtok_per_mwh": floor} | cover},
    )


def test_a_floor_binds() -> None:
    # 25 Mtok/s on three units are 25 / 30 of the best; with a floor of 0.9 the third unit, which
    # would be half idle, is not worth building: 5 Mtok/s are short.
    inst = floored(25, 0.9 * BEST)
    m = solved(inst)

    assert values(m.order) == {("oslo", "gen1", "2027"): 2}
    assert terms(m) == pytest.approx({"unit_capex": 80, "shortfall": 5 * SHORT})
    assert optimum_without(inst, lambda m: m.efficiency_minimum) == pytest.approx(120)
    assert optimum(floored(25, 0.8 * BEST)) == pytest.approx(120)


def test_rows_of_a_floor() -> None:
    inst = floored(25, 12_000).with_changes({"unit_types.gen1.idle_share": 0.3})
    assert_row(
        build_model(inst).efficiency_minimum["all", "2027"],
        {
            "flow[norway/chat/public,oslo,2027]": 31.536,
            "online[oslo,gen1,2027]": -0.012 * 0.3 * MWH,
            "run[oslo,gen1,chat,2027]": -0.012 * 0.7 * MWH,
        },
        "≥",
        0,
    )


def test_a_floor_of_nothing_or_of_other_sites_makes_no_row() -> None:
    floors = {"none": {"mtok_per_mwh": 0}, "later": {"mtok_per_mwh": {2030: 9}}}
    assert len(build_model(tiny(efficiency_floors=floors)).efficiency_minimum) == 0
    floors = {"africa": {"continents": ["africa"], "mtok_per_mwh": 9}}
    row = build_model(twins(efficiency_floors=floors)).efficiency_minimum["africa", "2027"]
    assert "oslo" not in str(row.expr)
