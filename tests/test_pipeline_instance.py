"""instances/pipeline and its study: what it costs to believe in announcements, and not to."""

from pathlib import Path

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import Plan, read_instance, read_study, solve
from optimizer.cli.show import plan_in_words

INSTANCES = Path(__file__).parent.parent / "instances"


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(INSTANCES / "pipeline")


def checked(inst: Instance) -> Plan:
    plan = solve(inst)
    assert plan.violations == ()
    return plan


def plain() -> tuple[Instance, Plan]:
    """An instance without statuses, and its plan."""
    tiny = read_instance(INSTANCES / "tiny")
    return tiny, checked(tiny)


def cost(plan: Plan) -> float:
    assert plan.objective_musd is not None
    return plan.objective_musd


def test_belief_is_worth_money(inst: Instance) -> None:
    assert find_warnings(inst) == []
    said = checked(inst.with_changes({"pipeline.remove": True}))
    slipped = checked(inst)
    signed = checked(inst.with_changes({"pipeline.counts": "contracted;energised"}))

    assert 1.05 * cost(said) < cost(slipped) < 0.8 * cost(signed)
    assert slipped.kpis["announced_mw_end"] == signed.kpis["announced_mw_end"] == 58
    assert signed.kpis["counted_mw_end"] == 18
    assert set(signed.table("pipeline").query("counted_from == 'never'")["mw"]) == {16, 24}

    words = plan_in_words(inst, signed)
    assert "Grid connections by 2030-07-01" in words
    assert "MW said" not in plan_in_words(*plain())


def test_a_contract_brings_power_sooner(inst: Instance) -> None:
    contract = inst.with_changes({"sites.desert.grid_status.2028-01": "contracted"})

    assert inst.grid_mw("desert", "2028-07") == 4
    assert contract.grid_mw("desert", "2028-07") == 20
    assert cost(checked(contract)) < cost(checked(inst))


def test_the_study_varies_slips(inst: Instance) -> None:
    study = read_study(INSTANCES / "studies" / "pipeline.yaml")

    slips = {study.instance(case).pipeline.slip_months.get("announced") for case in study.cases}
    assert len(study.cases) == 10
    assert slips >= {6, 18, 30}
