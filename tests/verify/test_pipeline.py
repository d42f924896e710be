"""The checker on the pipeline: right plans pass, spoiled ones are named."""

import pytest
from corrupt import Corruption, add, drop, off, put, without

from models.instance import Instance
from optimizer import Plan, solve
from optimizer.verify import verify_tables
from tests.small import tiny, years


@pytest.fixture(scope="module")
def inst() -> Instance:
    """2.5 MW are there; what is announced for 2028 counts from July 2029 on, so in 2030."""
    site = {
        "grid_mw": {2027: 2.5, 2028: 10, 2029: 15},
        "grid_status": {2028: "announced", 2029: "permitted"},
    }
    ladder = {"slip_months": {"announced": 18}, "counts": ["announced", "energised"]}
    return tiny(horizon=years(4), sites={"oslo": site}, pipeline=ladder)


@pytest.fixture(scope="module")
def solved(inst: Instance) -> Plan:
    return solve(inst)


def test_the_plan_passes(solved: Plan) -> None:
    assert solved.violations == ()
    assert list(solved.table("pipeline").itertuples(index=False, name=None)) == [
        ("oslo", "2027-01-01", "energised", "2027-01-01", 2.5),
        ("oslo", "2028-01-01", "announced", "2029-07-01", 7.5),
        ("oslo", "2029-01-01", "permitted", "never", 5.0),
    ]
    assert solved.kpis["announced_mw_end"] == 15
    assert solved.kpis["counted_mw_end"] == solved.kpis["grid_mw_end"] == 10
    allowed = solved.table("limits").query("limit == 'site_power'")["allowed"]
    assert allowed.tolist() == [2.5, 2.5, 2.5, 10]


CASES: list[tuple[str, str, Corruption]] = [
    ("tables", "table pipeline is missing", without("pipeline")),
    ("tables", "not a known date", put("pipeline", "date", "2027-02-01")),
    ("pipeline", "no row for oslo, 2028-01-01", drop("pipeline", date="2028-01-01")),
    ("pipeline", "gives mw 8", put("pipeline", "mw", 8.0, date="2028-01-01")),
    ("pipeline", "gives status 'contracted'", put("pipeline", "status", "contracted")),
    (
        "pipeline",
        "gives counted_from '2028-01-01'",
        put("pipeline", "counted_from", "2028-01-01", date="2028-01-01"),
    ),
    ("kpi", "gives announced_mw_end", off("kpis", "announced_mw_end")),
    ("kpi", "gives counted_mw_end", off("kpis", "counted_mw_end")),
    ("limits", "gives allowed 10", put("limits", "allowed", 10.0, limit="site_power")),
    ("power", "over its grid connection of 2.5 MW", add("orders", "oslo", "gen1", "2028", 1)),
]


@pytest.mark.parametrize(
    ("family", "words", "corruption"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES]
)
def test_a_spoiled_plan_is_refused_by_name(
    inst: Instance, solved: Plan, family: str, words: str, corruption: Corruption
) -> None:
    tables, claim = {name: frame.copy() for name, frame in solved.tables.items()}, solved.summary()
    corruption(tables, claim)
    found = verify_tables(inst, tables, claim)

    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), found.violations


OTHERS: list[tuple[str, str, dict[str, object]]] = [
    ("power", "over its grid connection", {"pipeline.slip_months.announced": 30}),
    ("power", "over its grid connection", {"pipeline.counts": "permitted;energised"}),
    ("pipeline", "counted_from", {"pipeline.slip_months.announced": 17}),
    ("pipeline", "status", {"sites.oslo.grid_status.2029": "announced"}),
]


@pytest.mark.parametrize(("family", "words", "changes"), OTHERS)
def test_a_plan_for_another_instance_is_refused(
    inst: Instance, solved: Plan, family: str, words: str, changes: dict[str, object]
) -> None:
    found = verify_tables(inst.with_changes(changes), solved.tables, solved.summary())

    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), found.violations
