"""Throughput: only units in service work, and what they make depends on where and when."""

import pytest

from models.build import build_model
from tests.small import (
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    tiny,
    values,
    years,
)

BATCH = {"workloads": {"batch": {"shortfall_price_usd_per_mtok": 10}}}


def test_run_limit_keeps_idle_units_from_working() -> None:
    """(T1)"""
    # 40 Mtok/s take four units at work; of five in service, 80 % work at any time.
    demand = demands(("norway", "public", 2027, 40))
    inst = tiny(unit_types={"gen1": {"availability": 0.8}}, demand=demand)
    m = solved(inst)

    assert cost(m) == pytest.approx(5 * 40)
    assert values(m.run) == {("oslo", "gen1", "chat", "2027"): 4}
    assert optimum_without(inst, lambda m: m.run_limit) == pytest.approx(0)


def test_run_limit_is_shared_by_workloads() -> None:
    """(T1)"""
    # Chat needs 1.5 units (15 of 10 each), batch 1.5 (30 of 20 each): three units do both.
    throughput = [
        {"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
        {"unit_type": "gen1", "workload": "batch", "mtok_s": 20},
    ]
    demand = [
        *demands(("norway", "public", 2027, 15)),
        *demands(("norway", "public", 2027, 30), workload="batch"),
    ]
    m = solved(tiny(**BATCH, throughput=throughput, demand=demand))

    assert cost(m) == pytest.approx(3 * 40)
    assert values(m.run) == {
        ("oslo", "gen1", "chat", "2027"): 1.5,
        ("oslo", "gen1", "batch", "2027"): 1.5,
    }


def test_throughput_limit_sizes_the_fleet_by_the_peak() -> None:
    """(T2)"""
    # A mean of 50 Mtok/s with a peak of twice as much: 100 / 10 = 10 units, all that 25 MW carry.
    inst = tiny(workloads={"chat": {"peak_factor": 2}})

    assert optimum(inst) == pytest.approx(10 * 40)
    assert optimum_without(inst, lambda m: m.throughput_limit) == pytest.approx(0)


def test_operators_and_models_change_what_a_unit_makes() -> None:
    # Half of the benchmark at this operator, a model twice as heavy: 10 · 0.5 / 2 = 2.5 Mtok/s.
    # 20 Mtok/s take 8 units.
    inst = tiny(
        operators={"fjord": {"performance": 0.5}},
        workloads={"chat": {"compute_multiplier": 2}},
        demand=demands(("norway", "public", 2027, 20)),
    )

    assert optimum(inst) == pytest.approx(8 * 40)


def test_software_gains_save_units() -> None:
    # After 730 days of 20 % a year, 365.25 days each: 10 · 1.2^(730/365.25) = 14.394 Mtok/s.
    # 28 Mtok/s take three units in 2027 and two in 2029 (28.79).
    units = {"gen1": {"software_gain_per_year": 0.2, "life_years": 1}}
    demand = demands(("norway", "public", 2027, 28))
    m = solved(tiny(horizon=years(3), unit_types=units, demand=demand))

    assert values(m.online)["oslo", "gen1", "2027"] == 3
    assert values(m.online)["oslo", "gen1", "2029"] == 2


def test_a_unit_type_without_throughput_does_no_work() -> None:
    gen2 = {"generation": "two", "cooling": "liquid", "it_mw": 1, "capex_musd": 1}
    cheap = gen2 | {"life_years": 5, "available_from": 2020}
    m = solved(tiny(unit_types={"gen2": cheap}))

    assert cost(m) == pytest.approx(5 * 40)
    assert ("oslo", "gen2", "chat", "2027") not in m.RUNS


def test_rows_of_work() -> None:
    throughput = [
        {"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
        {"unit_type": "gen1", "workload": "batch", "mtok_s": 20},
    ]
    demand = [
        *demands(("norway", "public", 2027, 15)),
        *demands(("norway", "public", 2027, 30), workload="batch"),
    ]
    units = {"gen1": {"availability": 0.9}}
    m = build_model(tiny(**BATCH, unit_types=units, throughput=throughput, demand=demand))

    assert_row(
        m.run_limit["oslo", "gen1", "2027"],
        {
            "run[oslo,gen1,chat,2027]": 1,
            "run[oslo,gen1,batch,2027]": 1,
            "online[oslo,gen1,2027]": -0.9,
        },
        "≤",
        0,
    )


def test_rows_of_tokens() -> None:
    # Two streams and two unit types. In 2028, 365 days after the start:
    # 10 · 0.8 · 1.5^(365/365.25) / 4 for gen1; gen2 has no software gains: 30 · 0.8 / 4 = 6.
    gen2 = {"generation": "two", "cooling": "liquid", "it_mw": 1, "capex_musd": 30}
    inst = tiny(
        horizon=years(2),
        operators={"fjord": {"performance": 0.8}},
        data_classes={"health": {}},
        unit_types={
            "gen1": {"software_gain_per_year": 0.5},
            "gen2": gen2 | {"life_years": 5, "available_from": 2020},
        },
        throughput=[
            {"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
            {"unit_type": "gen2", "workload": "chat", "mtok_s": 30},
        ],
        workloads={"chat": {"peak_factor": 1.6, "compute_multiplier": 4}},
        demand=demands(("norway", "public", 2027, 5), ("norway", "health", 2027, 6)),
    )
    m = build_model(inst)

    assert_row(
        m.throughput_limit["oslo", "chat", "2028"],
        {
            "flow[norway/chat/public,oslo,2028]": 1.6,
            "flow[norway/chat/health,oslo,2028]": 1.6,
            "run[oslo,gen1,chat,2028]": -2 * 1.5 ** (365 / 365.25),
            "run[oslo,gen2,chat,2028]": -6,
        },
        "≤",
        0,
    )
