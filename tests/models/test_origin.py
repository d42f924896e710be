"""Supply origin: data that ask for it are served by units of that origin only."""

from typing import Any

import pytest

from models.build import build_model
from models.families.origin import unions
from models.instance import Instance
from tests.small import GEN1, SHORT, assert_row, demands, optimum, optimum_without, tiny, values
from tests.small import solved as solve_small

HEALTH = {"health": {"supply_origin": ["EEA"]}}


def mixed(origin: Any = "NO", classes: Any = HEALTH, *rows: tuple[Any, ...]) -> Instance:
    """20 Mtok/s of public data and 10 of health data; gen2 costs 10 MUSD more and has an origin."""
    units = {"gen2": GEN1 | {"capex_musd": 50, "origin": origin}}
    throughput = [{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")]
    rows = rows or (("norway", "public", 2027, 20), ("norway", "health", 2027, 10))
    return tiny(
        unit_types=units, throughput=throughput, data_classes=classes, demand=demands(*rows)
    )


def test_origin_limit_asks_for_units_of_an_origin() -> None:
    """(O1)"""
    inst = mixed()

    assert optimum(inst) == pytest.approx(2 * 40 + 50)
    assert optimum_without(inst, lambda m: m.origin_limit) == pytest.approx(3 * 40)
    assert values(solve_small(inst).order)["oslo", "gen2", "2027"] == 1


def test_all_of_an_origin_must_be_allowed() -> None:
    # Norway lies in the EEA; the bloc itself is named as an origin; Norway and Kenya are not both.
    for origin, cost in (("EEA", 130), (["NO", "EEA"], 130), ([], 2 * 40 + 10 * SHORT)):
        assert optimum(mixed(origin)) == pytest.approx(cost)
    home = {"health": {"supply_origin": ["HOME"]}}
    assert optimum(mixed("NO", home)) == pytest.approx(130)


def test_without_a_unit_type_there_is_no_route() -> None:
    m = build_model(mixed([]))

    assert [s for j, s, _ in m.FLOWS if j == "norway/chat/health"] == []


def test_every_union_of_unit_types_has_a_row() -> None:
    a, b, c = frozenset("a"), frozenset("b"), frozenset("c")

    assert unions([a, b]) == [a, b, a | b]
    assert len(unions([a, b, c])) == 7
    assert unions([a, a | b]) == [a, a | b]


def test_rows() -> None:
    m = build_model(mixed())

    assert list(m.origin_limit) == [("oslo", "chat", "2027", "gen2")]
    assert_row(
        m.origin_limit["oslo", "chat", "2027", "gen2"],
        {"flow[norway/chat/health,oslo,2027]": 1, "run[oslo,gen2,chat,2027]": -10},
        "≤",
        0,
    )
