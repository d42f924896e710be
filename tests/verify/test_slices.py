"""The checker on plans with slices: spoiled in one place, or under another instance."""

from pathlib import Path
from typing import Any

import pytest
from corrupt import Corruption, add, drop, off, put, scale

from models.instance import Instance
from optimizer import solve
from optimizer.instance_io import read_instance
from optimizer.plan.plan import Plan
from optimizer.verify import verify_tables
from optimizer.verify.facts import read_facts

FILE = Path(__file__).parents[2] / "instances" / "slices" / "instance.yaml"


@pytest.fixture(scope="module")
def solved() -> tuple[Instance, Plan]:
    inst = read_instance(FILE)
    return inst, solve(inst)


def found(
    inst: Instance, plan: Plan, corruption: Corruption | None = None
) -> list[tuple[str, str]]:
    tables, claim = {name: plan.table(name) for name in plan.tables}, plan.summary()
    if corruption:
        corruption(tables, claim)
    return [(v.family, v.message) for v in verify_tables(inst, tables, claim).violations]


def test_the_plan_passes(solved: tuple[Instance, Plan]) -> None:
    assert found(*solved) == []


@pytest.mark.parametrize(
    ("family", "words", "corruption"),
    [
        ("tables", "'noon', which is not a known slice", put("flows", "slice", "noon")),
        ("tables", "table runs has no column slice", lambda t, _: t["runs"].pop("slice")),
        ("tables", "more than one row for", put("runs", "slice", "utc-00", site="singapore")),
        ("throughput", "work at singapore in utc-08 of 2027, but only 3 of those",
         scale("runs", "units", 1.5, site="singapore", slice="utc-08")),
        ("throughput", "at the peak of utc-16 of 2027, but its units at work make",
         scale("flows", "mtok_s", 1.2, slice="utc-16")),
        ("demand", "singapore/chat/public asks for 4 Mtok/s in utc-08 of 2027, but 2 are served",
         scale("flows", "mtok_s", 0.5, region="singapore", slice="utc-08")),
        ("demand", "training/public asks for 3 Mtok/s in the mean of 2027, but in all slices "
         "together 0.3333333333 are", drop("flows", workload="training", slice="utc-08")),
        ("demand", "is 1 Mtok/s short in utc-08 of 2027, but must be served in full",
         add("shortfall", "singapore", "chat", "public", "2027", "utc-08", 1.0)),
        ("cost", "the cost energy as", off("costs_musd", "energy")),
        ("power", "gives energy_gwh", scale("runs", "units", 0.9, slice="utc-16")),
        ("kpi", "gives served_ttok", scale("flows", "mtok_s", 0.9, slice="utc-16")),
        ("limits", "gives use", scale("flows", "mtok_s", 0.9, workload="chat")),
        ("cost", "gives mtok", scale("flows", "mtok_s", 0.9, workload="chat")),
    ],
)  # fmt: skip
def test_a_spoiled_plan_is_refused(
    solved: tuple[Instance, Plan], family: str, words: str, corruption: Corruption
) -> None:
    messages = found(*solved, corruption)

    assert any(one == family and words in text for one, text in messages), messages


@pytest.mark.parametrize(
    ("family", "words", "changes"),
    [
        ("demand", "leaves 3 Mtok/s of utc-00 of 2027 to other slices, but only 1.5 may wait",
         {"workloads.training.deferrable_share": 0.5}),
        ("demand", "training/public asks for 3 Mtok/s in utc-00 of 2027, but 0 are served",
         {"workloads.training.deferrable_share": 0}),
        ("demand", "singapore/chat/public asks for 15.25 Mtok/s in utc-00 of 2027",
         {"regions.singapore.utc_offset_hours": 8.5}),
        ("demand", "asks for", {"workloads.chat.daily_profile": [*range(1, 25)]}),
        ("demand", "asks for", {"slices.utc-00.from_hour": 1, "slices.utc-08.from_hour": 9,
                                "slices.utc-16.from_hour": 17}),
        ("cost", "the cost energy as", {"sites.california.energy_price_factor.utc-08": 0.6}),
    ],
)  # fmt: skip
def test_under_another_instance_it_is_refused(
    solved: tuple[Instance, Plan], family: str, words: str, changes: dict[str, Any]
) -> None:
    inst, plan = solved
    messages = found(inst.with_changes(changes), plan)

    assert any(one == family and words in text for one, text in messages), messages


def test_hours_that_lie_in_two_slices_are_told(solved: tuple[Instance, Plan]) -> None:
    """Nothing makes such an instance; the checker does not rely on that."""
    inst, plan = solved
    longer = inst.slices["utc-08"].model_copy(update={"hours": 9})
    broken = inst.model_copy(update={"slices": {**inst.slices, "utc-08": longer}})

    messages = found(broken, plan)

    assert ("demand", "hour 16 of the day (UTC) lies in 2 slices, not in one") in messages


def test_the_checker_reads_the_same_demand(solved: tuple[Instance, Plan]) -> None:
    inst = solved[0].with_changes({"regions.california.utc_offset_hours": -7.25})

    streams = read_facts(inst).streams
    model = [inst.demand_mtok_s["/".join(name), o] for name in streams.names for o in inst.states]
    assert streams.demand.ravel().tolist() == pytest.approx(model)
