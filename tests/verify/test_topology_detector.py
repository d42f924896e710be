"""Plans with model families, prices of moving work, and data: each falsehood is named."""

from copy import deepcopy

import pytest
from corrupt import Corruption, Plan, add, drop, off, put, say

from models.instance import Instance
from optimizer.plan.assemble import assemble
from optimizer.verify import verify_tables
from tests.models.test_model_families import apart, lost_oslo
from tests.models.test_portability import dear
from tests.small import demands, solved


def made(inst: Instance) -> Plan:
    contents = assemble(solved(inst), inst)
    return contents.tables, contents.claim("optimal", contents.objective, contents.objective)


@pytest.fixture(scope="module")
def inst() -> Instance:
    """Oslo trains and serves, Nairobi gets the models from it for 6 MUSD."""
    weights = {"data_classes.add": {"weights": {"compute": ["HOME"]}}}
    rows = [{"jurisdiction": "NO", "data_class": "weights", "compute": ["ANY"]}]
    one_way = {"model_families.ours.weights_data_class": "weights", "residency": rows}
    return apart(6, weights | one_way)


@pytest.fixture(scope="module")
def whole(inst: Instance) -> Plan:
    return made(inst)


@pytest.fixture
def plan(whole: Plan) -> Plan:
    return deepcopy(whole)


def test_the_plan_is_accepted(inst: Instance, plan: Plan) -> None:
    assert verify_tables(inst, *plan).violations == ()
    told = plan[0]["model_transfers"][["site", "from_site"]].to_numpy().tolist()
    assert told == [["nairobi", "oslo"]]


NAIROBI, OSLO, WAY = {"site": "nairobi"}, {"site": "oslo"}, "model_transfers"

# fmt: off
CORRUPTIONS: list[tuple[str, str, Corruption]] = [
    ("model_families", "neither trains nor gets it", drop(WAY, **NAIROBI)),
    ("model_families", "where it is not trained", put(WAY, "from_site", "nairobi", **NAIROBI)),
    ("model_families", "which the law of its weights forbids",
     add(WAY, "ours", "oslo", "nairobi", "2027", 6e6, 6)),
    ("model_families", "which trains it itself", put(WAY, "site", "oslo", **NAIROBI)),
    ("model_families", "from several sites",
     add(WAY, "ours", "nairobi", "nairobi", "2027", 6e6, 6)),
    ("model_families", "gives gb", put(WAY, "gb", 5e6, **NAIROBI)),
    ("model_families", "gives musd 5", put(WAY, "musd", 5, **NAIROBI)),
    ("model_families", "has no row for ours, oslo, 2027", drop("model_sites", **OSLO)),
    ("model_families", "gives trains 0", put("model_sites", "trains", 0, **OSLO)),
    ("model_families", "gives holds 0", put("model_sites", "holds", 0, **NAIROBI)),
    ("model_families", "gives trained_mtok_s 9", put("model_sites", "trained_mtok_s", 9, **OSLO)),
    ("model_families", "gives served_mtok_s 1", put("model_sites", "served_mtok_s", 1, **NAIROBI)),
    ("model_families", "where it is not trained",
     put("flows", "mtok_s", 4, workload="train", site="oslo")),
    ("tables", "not a known model_family", put(WAY, "model_family", "theirs", **NAIROBI)),
    ("cost", "the cost model_transfer", off("costs_musd", "model_transfer")),
    ("cost", "2027, no pool, model_transfer", drop("cash", term="model_transfer")),
    ("kpi", "models_carried_tb", say(0.0, "kpis", "models_carried_tb")),
    ("limits", "no row for model_training, ours/oslo", drop("limits", limit="model_training")),
    ("limits", "gives allowed", put("limits", "allowed", 5, limit="model_training")),
    ("limits", "gives slack", put("limits", "slack", 5, limit="model_training")),
]
# fmt: on


@pytest.mark.parametrize(("family", "words", "corrupt"), CORRUPTIONS)
def test_a_spoiled_plan_is_refused(
    inst: Instance, plan: Plan, family: str, words: str, corrupt: Corruption
) -> None:
    corrupt(*plan)
    found = verify_tables(inst, *plan).violations
    assert any(v.family == family and words in v.message for v in found), found


@pytest.mark.parametrize(
    "changes",
    [
        {"model_families.ours.size_gb.scale": 2},
        {"model_families.ours.transfers_per_year": 24},
        {"network_prices.south.north.usd_per_gb": 2},
    ],
)
def test_the_checker_reads_the_price(
    inst: Instance, plan: Plan, changes: dict[str, object]
) -> None:
    found = verify_tables(inst.with_changes(changes), *plan).violations
    assert any("the cost model_transfer" in v.message for v in found), found


def test_who_steps_in_without_models_is_refused() -> None:
    """(I5): a plan in which a unit in Nairobi stands by without models."""
    inst = lost_oslo(60)
    free = inst.with_changes({"model_families.ours.remove": True})
    plan = made(free.with_changes({"sites.nairobi.opened": True, "sites.oslo.grid_mw": 5}))
    found = verify_tables(inst, *plan).violations
    needed = [v for v in found if v.family == "model_families"]
    assert any("neither trains nor gets it" in v.message for v in needed), found


def test_units_that_work_for_nobody_are_refused() -> None:
    """(Y3): where moving between generations has a price, no unit works for nobody."""
    chat = {"workloads.chat.port_generation_musd_per_mtok_s": 3}
    steady = {"demand": demands(("norway", "public", 2027, 15)), "sites": {}}
    inst = dear(0, **steady).with_changes(chat)
    plan = made(inst)
    assert verify_tables(inst, *plan).violations == ()
    put("runs", "units", 2.0, period="2028")(*plan)
    found = verify_tables(inst, *plan).violations
    words = "units at oslo work for 20 Mtok/s of chat in 2028, but only 15 are made"
    assert any(v.family == "portability" and words in v.message for v in found), found
