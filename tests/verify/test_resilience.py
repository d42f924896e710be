"""The checker on contingencies and reserves: plans spoiled in one place are refused by name."""

from pathlib import Path

import pytest
from corrupt import Corruption, add, drop, off, put, scale

from models.instance import Instance
from optimizer import solve
from optimizer.instance_io import read_instance
from optimizer.plan.plan import Plan
from optimizer.verify import verify_tables

INSTANCES = Path(__file__).parents[2] / "instances"


@pytest.fixture(scope="module")
def lost() -> tuple[Instance, Plan]:
    """N−1 at a price, so that something is missing."""
    inst = read_instance(INSTANCES / "n-minus-one" / "instance.yaml").with_changes(
        {"protection.*.*.*.*.*.price_usd_per_mtok": 0.1}
    )
    return inst, solve(inst)


@pytest.fixture(scope="module")
def promised() -> tuple[Instance, Plan]:
    inst = read_instance(INSTANCES / "n-minus-one" / "instance.yaml")
    return inst, solve(inst)


@pytest.fixture(scope="module")
def kept() -> tuple[Instance, Plan]:
    inst = read_instance(INSTANCES / "reserve" / "instance.yaml")
    return inst, solve(inst)


def found(
    inst: Instance, plan: Plan, corruption: Corruption | None = None
) -> list[tuple[str, str]]:
    tables, claim = {name: plan.table(name) for name in plan.tables}, plan.summary()
    if corruption:
        corruption(tables, claim)
    return [(v.family, v.message) for v in verify_tables(inst, tables, claim).violations]


def assert_told(messages: list[tuple[str, str]], family: str, words: str) -> None:
    assert any(one == family and words in text for one, text in messages), messages


def test_the_plans_pass(
    lost: tuple[Instance, Plan], promised: tuple[Instance, Plan], kept: tuple[Instance, Plan]
) -> None:
    assert found(*lost) == found(*promised) == found(*kept) == []


X, T = "any-site: nairobi", "2029-07"


@pytest.mark.parametrize(
    ("family", "words", "corruption"),
    [
        ("tables", "'flood', which is not a known contingency",
         put("contingency_flows", "contingency", "flood", period=T)),
        ("tables", "table contingency_runs has no column slice",
         lambda t, _: t["contingency_runs"].pop("slice")),
        ("contingencies", "units of gen1 work at mombasa",
         scale("contingency_runs", "units", 3, site="mombasa")),
        ("contingencies", "but its units at work make",
         scale("contingency_runs", "units", 0.5, contingency=X, period=T)),
        ("contingencies", "are asked for in 2029-07, but",
         scale("contingency_flows", "mtok_s", 0.5, contingency=X, period=T)),
        ("contingencies", "tokens come from nairobi in 2029-07, which is lost",
         add("contingency_flows", X, "kenya", "inference", "public", "nairobi", T, "all", 0.1)),
        ("contingencies", "in any-site: nairobi 1 units of gen1 work at nairobi",
         add("contingency_runs", X, "nairobi", "gen1", "inference", T, "all", 1.0)),
        ("contingencies", "for a stream that nobody asks for",
         add("contingency_flows", X, "rwanda", "training", "public", "kigali", T, "all", 0.1)),
        ("contingencies", "0 Mtok/s of kenya/training/public are asked for",
         add("contingency_flows", X, "kenya", "training", "public", "kigali", T, "all", 0.1)),
        ("contingencies", "though it takes nothing away then",
         add("contingency_flows", X, "kenya", "inference", "public", "mombasa", "2027-01", "all",
             0.1)),
        ("contingencies", "gives share", scale("resilience", "share", 0.9, period=T)),
        ("contingencies", "gives asked_mtok_s", scale("resilience", "asked_mtok_s", 1.1)),
        ("contingencies", "resilience has no row for", drop("resilience", contingency=X, period=T)),
        ("limits", "gives use", scale("limits", "use", 0.9, limit="contingency", period=T)),
        ("kpi", "worst_share_kept", off("kpis", "worst_share_kept")),
    ],
)  # fmt: skip
def test_a_spoiled_contingency_is_refused(
    promised: tuple[Instance, Plan], family: str, words: str, corruption: Corruption
) -> None:
    assert_told(found(*promised, corruption), family, words)


@pytest.mark.parametrize(
    ("family", "words", "corruption"),
    [
        ("cost", "contingency_shortfall", off("costs_musd", "contingency_shortfall")),
        ("cost", "gives musd", scale("cash", "musd", 0.5, term="contingency_shortfall")),
        ("cost", "contingency_shortfall", scale("contingency_flows", "mtok_s", 0.9)),
        ("cost", "gives shortfall_musd", scale("cost_per_mtok", "shortfall_musd", 0.9)),
    ],
)
def test_a_spoiled_price_is_refused(
    lost: tuple[Instance, Plan], family: str, words: str, corruption: Corruption
) -> None:
    assert_told(found(*lost, corruption), family, words)


@pytest.mark.parametrize(
    ("family", "words", "corruption"),
    [
        ("reserve", "work at kampala in 2027 on chat and stricter work, but only 5",
         put("runs", "units", 6.0, site="kampala", workload="chat", period="2027")),
        ("reserve", "gives reserve_units", put("reserve", "reserve_units", 1, site="kampala")),
        ("reserve", "reserve has no row for", drop("reserve", site="kampala", period="2027")),
        ("limits", "gives allowed", scale("limits", "allowed", 1.1, limit="reserve")),
        ("kpi", "reserve_units_end", off("kpis", "reserve_units_end")),
    ],
)  # fmt: skip
def test_a_spoiled_reserve_is_refused(
    kept: tuple[Instance, Plan], family: str, words: str, corruption: Corruption
) -> None:
    assert_told(found(*kept, corruption), family, words)


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("are asked for", {"protection.inference.*.*.*.*.share": 0.9}),
        ("are asked for", {"contingencies.blackout.share": 0.6}),
        ("units of gen2 work", {"contingencies.gen2-late.unit_types.gen2": 24}),
        ("which is lost", {"contingencies.gen2-late.sites": ["mombasa"]}),
        ("resilience has no row", {"contingencies.any-site.holds_from": "2027-01-01"}),
        ("resilience gives", {"contingencies.any-site.holds_from": "2028-01-01"}),
    ],
)
def test_under_other_contingencies_it_is_refused(
    promised: tuple[Instance, Plan], words: str, changes: dict[str, object]
) -> None:
    inst, plan = promised
    assert_told(found(inst.with_changes(changes), plan), "contingencies", words)


def test_under_a_stricter_target_it_is_refused(kept: tuple[Instance, Plan]) -> None:
    inst, plan = kept
    stricter = inst.with_changes({"workloads.chat.availability_target": 0.99999})
    assert_told(found(stricter, plan), "reserve", "are up as often as its target says")
