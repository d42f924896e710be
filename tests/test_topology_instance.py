"""instances/topology: where fine-tuning stands follows from its data."""

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
