"""Figures too far apart or beyond a solver are told in a planner's words."""

from pathlib import Path
from typing import Any

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import read_instance
from tests.small import demands, twins
from tests.test_checks import BASE, errors


def told(inst: Instance) -> list[str]:
    return [one.message for one in find_warnings(inst) if "may lose beside it" in one.message]


def streams(high: float, low: float) -> dict[str, Any]:
    rows = [("norway", "public", 2027, high), ("kenya", "public", 2027, low)]
    return {"demand": demands(*rows), "sites": {"nairobi": {"opened": True}}}


def test_demand_that_is_a_billion_times_another() -> None:
    (message,) = told(twins(**streams(50_000, 5e-5)))
    assert message.startswith(
        "the demand of norway for chat (public) (50000 Mtok/s) is 1,000,000,000 times the demand "
        "of kenya for chat (public) (5e-05 Mtok/s)"
    )


def test_a_million_times_is_not_too_far() -> None:
    assert told(twins(**streams(50, 5e-5))) == []
    assert len(told(twins(**streams(51, 5e-5)))) == 1


def test_nothing_is_not_far_from_anything() -> None:
    assert told(twins(**streams(5e6, 0))) == []


def test_later_demand_counts_for_its_stream() -> None:
    """A stream that begins small and grows is judged by its largest demand."""
    rows = [("norway", "public", 2027, 5e-5), ("norway", "public", 2028, 50_000)]
    assert told(twins(demand=demands(*rows))) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sites": {"oslo": {"grid_mw": 5e6}, "nairobi": {"grid_mw": 2.6}}}, "grid connection"),
        (
            {
                "sites": {
                    "oslo": {"energy_price_usd_per_mwh": 1e-6},
                    "nairobi": {"energy_price_usd_per_mwh": 50},
                }
            },
            "energy price of nairobi (50 USD per MWh)",
        ),
        (
            {"sites": {"oslo": {"open_cost_musd": 1e-7}, "nairobi": {"open_cost_musd": 3}}},
            "opening cost",
        ),
    ],
)
def test_other_figures(changes: dict[str, Any], says: str) -> None:
    (message,) = told(twins(**changes))
    assert says in message


def test_no_shipped_instance_has_such_a_range() -> None:
    for file in sorted((Path(__file__).parents[1] / "instances").glob("*/instance.yaml")):
        assert told(read_instance(file)) == [], file


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"throughput.gen2.chat.mtok_s": 1e-6}, "must be 0 or at least 1e-05 Mtok/s"),
        ({"workloads.chat.fan_out": 1e9, "demand.scale": 100}, "makes demand over 1e+09 Mtok/s"),
        (
            {
                "horizon.months": 120,
                "horizon.count": 8,
                "unit_types.gen2.software_gain_per_year": 2,
            },
            "multiplies throughput more than a million times",
        ),
        (
            {"finance.base_date": "2300", "finance.discount_rate_per_year": 1},
            "discounts some money of the horizon by more than a million times",
        ),
        ({"horizon.months": 120, "horizon.count": 11}, "must not be longer than 100 years"),
    ],
)
def test_what_the_solver_could_not_tell_apart_is_refused(
    changed: dict[str, object], says: str
) -> None:
    assert any(says in message for message in errors(read_instance(BASE), changed))
