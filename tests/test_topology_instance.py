"""instances/topology: data, the law of weights and the price of moving decide what stands where."""

from pathlib import Path

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import read_instance, solve

FOLDER = Path(__file__).parent.parent / "instances" / "topology"


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(FOLDER)


@pytest.mark.parametrize(
    ("changes", "site"),
    [
        ({}, "reykjavik"),
        ({"workloads.fine-tuning.data_stays": "anywhere"}, "ashburn"),
        ({"workloads.fine-tuning.data_stays": "jurisdiction"}, "frankfurt"),
        ({"workloads.fine-tuning.data_gb_per_mtok": 6}, "frankfurt"),
    ],
)
def test_data_decide_where_fine_tuning_stands(
    inst: Instance, changes: dict[str, object], site: str
) -> None:
    plan = solve(inst.with_changes(changes))

    assert plan.violations == ()
    flows = plan.table("flows")
    assert set(flows.loc[flows["workload"] == "fine-tuning", "site"]) == {site}


def test_it_has_no_warnings(inst: Instance) -> None:
    assert find_warnings(inst) == []


def sites(inst: Instance, workload: str, changes: dict[str, object]) -> dict[str, set[str]]:
    """Where a workload is served, by period."""
    plan = solve(inst.with_changes(changes))
    assert plan.violations == ()
    rows = plan.table("flows").query(f"workload == '{workload}'")
    return {str(t): set(own["site"]) for t, own in rows.groupby("period")}


def test_the_law_of_weights_decides_where_training_stands(inst: Instance) -> None:
    iceland = {t: {"reykjavik"} for t in inst.periods}
    virginia = {t: {"ashburn"} for t in inst.periods}

    assert sites(inst, "training", {}) == iceland
    free = {"model_families.surgeon.weights_data_class.remove": True}
    assert sites(inst, "training", free) == virginia
    assert sites(inst, "training", {"model_families.surgeon.remove": True}) == virginia
    # Weights of a petabyte each, without the law: nobody carries them twice a month.
    heavy = free | {"model_families.surgeon.size_gb": 1_000_000}
    assert sites(inst, "training", heavy) != virginia


def test_the_price_of_moving_keeps_a_service_where_it_is(inst: Instance) -> None:
    stays = {t: {"frankfurt"} for t in inst.periods}

    assert sites(inst, "inference", {}) == stays
    free = {"workloads.inference.port_operator_musd_per_mtok_s": 0}
    assert sites(inst, "inference", free) == stays | {"2029": {"reykjavik"}}
