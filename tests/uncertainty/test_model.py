"""The model with scenarios: a block for each, rows that tie them, a measure of their costs."""

import pyomo.environ as pyo
import pytest

from models.build import build_model
from models.uncertainty.risk import measured
from models.uncertainty.sharing import shared_decisions
from optimizer.compiling import compile_model
from tests.models.test_formulation_doc import TAG, section
from tests.small import assert_row, milp_solution, twins
from tests.uncertainty.three import ALONE, COSTS, three


def optimum(m: pyo.ConcreteModel, inst: object) -> float:
    matrix = compile_model(m, inst).matrix  # type: ignore[arg-type]
    x = milp_solution(matrix)
    assert x is not None
    return matrix.value(x)


def test_shared_decisions_bind_on_what_starts_before_the_reveal() -> None:
    m = build_model(three())

    rows = m.shared_decision_balance
    assert_row(
        rows["mid", "order", "oslo", "gen1", "2027"],
        {
            "scenario[mid].order[oslo,gen1,2027]": 1,
            "scenario[low].order[oslo,gen1,2027]": -1,
        },
        "=",
        0,
    )
    assert {index[-1] for index in rows} == {"2027"}
    # Openings and halls of 2027 as well, for mid and high: 2 scenarios · 3 decisions.
    assert len(rows) == 6


def test_sharing_costs_what_a_forecast_is_worth() -> None:
    # 95 with the rows, 62 without: each scenario orders what is best for it.
    inst = three()
    m = build_model(inst)
    assert optimum(m, inst) == pytest.approx(95)

    m.shared_decision_balance.deactivate()
    assert optimum(m, inst) == pytest.approx(62)


def test_what_some_do_not_know_of_is_not_decided() -> None:
    """In `high` the unit is for sale; in the others it is not, so nobody orders it in 2027."""
    late = {
        "low": {"probability": 0.5},
        "high": {
            "probability": 0.5,
            "revealed": "2028-01",
            "changes": {"unit_types.gen1.available_from": "2020"},
        },
    }
    inst = three(unit_types={"gen1": {"lead_months": 0, "available_from": 2028}}, scenarios=late)
    m = build_model(inst)

    assert_row(
        m.shared_decision_balance["high", "order", "oslo", "gen1", "2027"],
        {"scenario[high].order[oslo,gen1,2027]": 1},
        "=",
        0,
    )
    found = {(one.name, one.index): one for one in shared_decisions(m.scenario, inst)}
    assert not found["order", ("oslo", "gen1", "2027")].possible


@pytest.mark.parametrize(
    ("risk", "value"), [({}, 95), ({"measure": "cvar", "level": 0.8, "weight": 1}, 120)]
)
def test_the_model_has_the_measure_for_its_objective(risk: dict[str, object], value: float) -> None:
    inst = three(risk=risk)

    assert optimum(build_model(inst), inst) == pytest.approx(value)


def test_regret_counts_from_the_best_costs() -> None:
    inst = three(risk={"measure": "regret"})
    m = build_model(inst)
    # Without best costs it is the largest cost, 120 with three units; with them 60, with two.
    assert optimum(m, inst) == pytest.approx(120)
    for w, musd in ALONE.items():
        m.best_musd[w] = musd
    assert optimum(m, inst) == pytest.approx(60)


def test_measures_of_given_costs() -> None:
    for risk, values in {
        ("expected", 0.5, 1.0): (155, 95, 100, 120),
        ("regret", 0.5, 1.0): (180, 120, 60, 80),
        ("cvar", 0.8, 1.0): (300, 240, 180, 120),
        ("cvar", 0.0, 1.0): (155, 95, 100, 120),
        ("cvar", 0.9, 0.0): (155, 95, 100, 120),
        ("cvar", 0.65, 1.0): ((60 + 30) / 0.35, (48 + 21) / 0.35, (36 + 12) / 0.35, 120),
    }.items():
        inst = three(risk=dict(zip(("measure", "level", "weight"), risk, strict=True)))
        for units, value in enumerate(values):
            assert measured(inst, COSTS[units], ALONE) == pytest.approx(value), (risk, units)


def test_every_scenario_is_the_model_of_its_own_instance() -> None:
    """The blocks are what `build_model` makes of the scenarios' instances, row by row."""
    inst = twins(scenarios=SCENARIOS, horizon={"start": 2027, "months": 12, "count": 2})
    m = build_model(inst, merge=True)
    for w, future in inst.scenario_instances.items():
        block = m.scenario[w]
        block.net_present_cost.activate()
        ours = compile_model(block, future).matrix
        block.net_present_cost.deactivate()
        theirs = compile_model(build_model(future, merge=True), future).matrix
        assert (ours.cost == theirs.cost).all()
        assert (ours.rows != theirs.rows).nnz == 0
        assert (ours.upper == theirs.upper).all()


SCENARIOS = {
    "base": {"probability": 0.5},
    "boom": {
        "probability": 0.5,
        "revealed": "2028-01",
        "changes": {"demand.norway.scale": 2, "sites.nairobi.grid_mw": 5},
    },
}


def test_the_document_has_the_same_tags() -> None:
    assert TAG.findall(section(8)) == ["A1", "U1", "U2", "U3"]
    m = build_model(three(risk={"measure": "cvar"}))
    for component in (m.shared_decision_balance, m.excess_minimum, m.risk_measure):
        assert component.doc.startswith(("(A1) ", "(U2) "))
    documented = [line.split("`")[1] for line in section(8).splitlines() if line.startswith("| `")]
    assert [name.partition("[")[0] for name in documented] == [
        "value_at_risk",
        "excess",
        "worst_regret",
    ]
