"""Portability: what it costs to move work between operators and generations; by hand."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from optimizer import solve
from optimizer.verify import verify_tables
from tests.small import (
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    twins,
    values,
    years,
)

THERE = [{"site": "oslo", "unit_type": "gen1", "in_service": 2026, "units": 2}]
GEN2 = {"generation": "two", "cooling": "liquid", "it_mw": 2, "capex_musd": 4, "life_years": 5}


def dear(price: float, **changes: Any) -> Instance:
    """Two units stand in Oslo, where energy is dear from 2028 on; Nairobi costs nothing to run."""
    plain: dict[str, Any] = {
        "horizon": years(2),
        "initial_units": THERE,
        "sites": {
            "oslo": {"energy_price_usd_per_mwh": {2027: 0, 2028: 5000}},
            "nairobi": {"grid_mw": {2028: 25}, "hall_capex_musd_per_mw": 0},
        },
        "unit_types": {"gen1": {"idle_share": 0}},
        "workloads": {"chat": {"port_operator_musd_per_mtok_s": price}},
        "demand": demands(("norway", "public", 2027, 20)),
    }
    return twins(**(plain | changes))


# Two units in Oslo draw 2 · 2.5 MW · 366 · 24 h = 43 920 MWh in 2028, for 219.6 MUSD. Two in
# Nairobi, with power from 2028 on, cost 80 MUSD; moving 20 Mtok/s is worth up to 139.6 MUSD,
# 6.98 for each.


def test_work_moves_where_that_pays() -> None:
    m = solved(dear(5))

    assert terms(m) == pytest.approx({"unit_capex": 80, "portability": 20 * 5})
    assert values(m.ported) == {("chat", "operator", "2028"): 20}
    assert terms(solved(dear(7))) == pytest.approx({"energy": 219.6})


def test_both_rules_bind() -> None:
    """(Y1), (Y2)"""
    assert optimum_without(dear(5), lambda m: m.given_up_minimum) == pytest.approx(80)
    assert optimum_without(dear(5), lambda m: m.ported_minimum) == pytest.approx(80)


def test_work_that_ends_has_not_moved() -> None:
    # 2028 asks for nothing: Oslo gives up 20 Mtok/s, and nobody takes them over.
    ends = demands(("norway", "public", 2027, 20), ("norway", "public", 2028, 0))
    assert cost(solved(dear(5, demand=ends))) == pytest.approx(0)
    # It asks for 12: a unit in Nairobi makes 10 of them, 2 stay for a tenth of the energy. Of
    # the 18 that Oslo gives up 8 have ended, and 10 have moved.
    falls = demands(("norway", "public", 2027, 20), ("norway", "public", 2028, 12))
    m = solved(dear(0.5, demand=falls))
    assert terms(m) == pytest.approx({"unit_capex": 40, "energy": 21.96, "portability": 5})


def test_moving_within_an_operator_is_free() -> None:
    same = dear(5).with_changes({"sites.nairobi.operator": "fjord"})
    assert terms(solved(same)) == pytest.approx({"unit_capex": 80})


def test_growth_has_not_moved() -> None:
    # Nairobi serves what is new; Oslo keeps what it has where energy costs nothing.
    grows = demands(("norway", "public", 2027, 20), ("norway", "public", 2028, 40))
    inst = dear(5, demand=grows).with_changes({"sites.oslo.energy_price_usd_per_mwh": 0})
    full = inst.with_changes({"sites.oslo.grid_mw": 5})
    assert terms(solved(full)) == pytest.approx({"unit_capex": 80})


def test_work_moves_between_generations() -> None:
    # Newer units in Oslo that draw a fifth: 43.92 MUSD of energy, and 8 MUSD for two of them.
    thrifty = GEN2 | {"available_from": 2028, "it_mw": 0.4, "idle_share": 0}
    chat = {"port_operator_musd_per_mtok_s": 100, "port_generation_musd_per_mtok_s": 8}
    rows = [{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")]
    inst = dear(0, unit_types={"gen1": {"idle_share": 0}, "gen2": thrifty}, throughput=rows)
    inst = inst.with_changes({f"workloads.chat.{name}": price for name, price in chat.items()})
    spent = {"unit_capex": 8, "energy": 43.92, "portability": 160}
    assert terms(solved(inst)) == pytest.approx(spent)
    # Units of the old generation that run for nobody in Nairobi, at 80, would keep no work there.
    idle = optimum_without(inst, lambda m: m.useful_work_limit)
    assert idle == pytest.approx(80 + 8 + 43.92)
    kept = inst.with_changes({"workloads.chat.port_generation_musd_per_mtok_s": 9})
    assert terms(solved(kept)) == pytest.approx({"energy": 219.6})


def test_rows_of_portability() -> None:
    m = build_model(dear(5))

    assert_row(
        m.given_up_minimum["chat", "operator", "fjord", "2028"],
        {
            "given_up[chat,operator,fjord,2028]": 1,
            "flow[norway/chat/public,oslo,2027]": -1,
            "flow[norway/chat/public,oslo,2028]": 1,
        },
        "≥",
        0,
    )
    falls = demands(("norway", "public", 2027, 20), ("norway", "public", 2028, 12))
    assert_row(
        build_model(dear(5, demand=falls)).ported_minimum["chat", "operator", "2028"],
        {
            "ported[chat,operator,2028]": 1,
            "given_up[chat,operator,fjord,2028]": -1,
        },
        "≥",
        -8,
    )


def test_without_a_price_there_is_no_row() -> None:
    m = build_model(dear(0))

    for name in ("given_up", "ported", "given_up_minimum", "ported_minimum"):
        assert not len(m.component(name))


def test_a_dearer_move_never_costs_less() -> None:
    costs = [optimum(dear(price)) for price in (0, 1, 5, 7, 50)]
    assert costs == sorted(costs)


def test_plans_are_verified_and_spoiled_ones_refused() -> None:
    inst = dear(5, finance={"discount_rate_per_year": 0.1})
    plan = solve(inst)
    assert plan.violations == ()
    told = plan.table("portability").values.tolist()
    assert told == [["chat", "operator", "2028", pytest.approx(20), pytest.approx(100)]]
    assert plan.costs_musd["portability"] == pytest.approx(100 * 1.1 ** (-365 / 365.25))
    assert plan.table("cash").query("term == 'portability'")["pool"].tolist() == [""]

    table = plan.table("portability")
    spoiled = {
        "no row for chat, operator, 2028": table.iloc[:0],
        "gives moved_mtok_s 19": table.assign(moved_mtok_s=19.0),
        "gives musd 99": table.assign(musd=99.0),
    }
    for words, frame in spoiled.items():
        found = verify_tables(inst, {**plan.tables, "portability": frame}, plan.summary())
        messages = [v.message for v in found.violations if v.family == "portability"]
        assert any(words in message for message in messages), found.violations
    dearer = inst.with_changes({"workloads.chat.port_operator_musd_per_mtok_s": 6})
    found = verify_tables(dearer, plan.tables, plan.summary())
    assert any("the cost portability" in v.message for v in found.violations)


def test_work_in_clusters_moves_as_far_as_it_reaches() -> None:
    """Three units at 80 % make 24 Mtok/s: that is what the new ones take over, not 30.

    In 2028 an old unit draws 2.5 MW · 8784 h at 5000 USD, 109.8 MUSD; a new one a tenth of that.
    """
    cluster = {"cluster": {"utilisation": {1: 0.8}}, "port_generation_musd_per_mtok_s": 1}
    initial = [{"site": "oslo", "unit_type": "gen1", "in_service": 2026, "units": 3}]
    inst = tiny(
        horizon=years(2),
        initial_units=initial,
        sites={"oslo": {"energy_price_usd_per_mwh": {2027: 0, 2028: 5000}}},
        unit_types={
            "gen1": {"idle_share": 0},
            "gen2": GEN2 | {"it_mw": 0.2, "available_from": 2028},
        },
        throughput=[{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")],
        workloads={"chat": cluster},
        demand=demands(("norway", "public", 2027, 24)),
    )
    plan = solve(inst)

    assert plan.violations == ()
    assert plan.table("portability")["moved_mtok_s"].tolist() == pytest.approx([24])
    paid = {term: musd for term, musd in plan.costs_musd.items() if musd}
    assert paid == pytest.approx({"unit_capex": 3 * 4, "energy": 32.94, "portability": 24})
