"""The checker on commitments: right plans pass, spoiled ones are named."""

import pytest
from corrupt import Corruption, add, drop, off, put, without

from models.instance import Instance
from optimizer import Plan, solve
from optimizer.verify import verify_tables
from tests.small import demands, twins, years


def agreed() -> Instance:
    """Frozen in 2027; later one unit of three is cancelled, one delayed to 2030, when it serves."""
    rows = [(2027, 1), (2028, 3)]
    return twins(
        horizon=years(4),
        finance={"discount_rate_per_year": 0.1},
        budget={"pools": {"world": {"grants": {2027: 400}}}},
        commitments={
            "frozen_until": 2028,
            "orders": [
                {"site": "oslo", "unit_type": "gen1", "period": t, "units": n} for t, n in rows
            ],
            "halls": [{"site": "nairobi", "period": 2028, "blocks": 1}],
            "openings": [{"site": "nairobi", "period": 2028}],
            "cancel_share": 0.3,
            "delay_share": 0.1,
        },
        sites={"nairobi": {"open_cost_musd": 50}},
        unit_types={"gen1": {"life_years": 9}},
        demand=demands(
            ("norway", "public", 2027, 10),
            ("norway", "public", 2028, 20),
            ("norway", "public", 2030, 30),
        ),
    )


@pytest.fixture(scope="module")
def inst() -> Instance:
    return agreed()


@pytest.fixture(scope="module")
def solved(inst: Instance) -> Plan:
    return solve(inst)


def test_the_plan_passes(solved: Plan) -> None:
    assert solved.violations == ()
    told = list(solved.table("commitments").itertuples(index=False, name=None))
    assert told == [
        ("nairobi", "opening", "", "2028", 1, 0, 1, 0),
        ("nairobi", "halls", "", "2028", 1, 0, 1, 0),
        ("oslo", "units", "gen1", "2027", 1, 1, 0, 0),
        ("oslo", "units", "gen1", "2028", 3, 1, 1, 1),
    ]
    # 0.3 · (50 + 4 · 5 + 40) + 0.1 · 40 MUSD, on the first day of 2028.
    paid = solved.table("cash").query("term == 'changes'")
    assert paid["musd"].sum() == pytest.approx(37)
    assert set(paid["pool"]) == {"world"}
    assert solved.costs_musd["changes"] == pytest.approx(37 * 1.1 ** (-365 / 365.25))
    frozen = solved.table("limits").query("limit == 'frozen'")
    assert frozen[["at", "use", "allowed", "unit", "binds"]].values.tolist() == [
        ["oslo", 1.0, 1.0, "orders", True],
        ["nairobi", 0.0, 0.0, "orders", False],
    ]


CASES: list[tuple[str, str, Corruption]] = [
    ("tables", "table commitments is missing", without("commitments")),
    ("tables", "not a known what", put("commitments", "what", "shell")),
    ("tables", "not a known name", put("commitments", "name", "gen7")),
    ("whole_numbers", "not a whole number", put("commitments", "cancelled", 0.5)),
    ("commitments", "no row for oslo, units, gen1, 2027", drop("commitments", period="2027")),
    ("commitments", "gives committed 2", put("commitments", "committed", 2, period="2027")),
    ("commitments", "gives kept 2", put("commitments", "kept", 2, period="2027")),
    (
        "commitments",
        "oslo units gen1 in 2027 may not be cancelled",
        put("commitments", "cancelled", 1, period="2027"),
    ),
    (
        "commitments",
        "oslo units gen1 in 2028: 2 of what is committed stand, but only 1 are ordered",
        put("commitments", "cancelled", 0, site="oslo", period="2028"),
    ),
    (
        "commitments",
        "but only 1 committed",
        put("commitments", "delayed", 1, site="nairobi", what="halls"),
    ),
    (
        "commitments",
        "1 are delayed, but not ordered later",
        put("commitments", "delayed", 2, site="oslo", period="2028"),
    ),
    ("commitments", "are delayed, but not ordered later", drop("orders", period="2030")),
    (
        "commitments",
        "is frozen: 1 are committed, but 2 ordered",
        put("orders", "units", 2, period="2027"),
    ),
    (
        "commitments",
        "nairobi opening in 2027 is frozen: 0 are committed, but 1 ordered",
        add("openings", "nairobi", "2027", 1),
    ),
    ("cost", "the cost changes", off("costs_musd", "changes")),
    ("cost", "the cost changes", put("commitments", "delayed", 0, site="oslo")),
    ("limits", "gives use", put("limits", "use", 2.0, limit="frozen", at="oslo")),
    ("limits", "gives allowed", put("limits", "allowed", 2.0, limit="frozen", at="oslo")),
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
    ("commitments", "may not be cancelled", {"commitments.cancel_share.remove": True}),
    ("commitments", "may not be delayed", {"commitments.delay_share.remove": True}),
    ("commitments", "may not be delayed", {"commitments.frozen_until": "2029"}),
    ("commitments", "4 are committed", {"commitments.orders.oslo.gen1.2027.units": 4}),
    ("cost", "the cost changes", {"commitments.cancel_share": 0.4}),
    ("limits", "gives allowed", {"commitments.orders.oslo.gen1.2027.units": 4}),
]


@pytest.mark.parametrize(("family", "words", "changes"), OTHERS)
def test_a_plan_for_another_instance_is_refused(
    inst: Instance, solved: Plan, family: str, words: str, changes: dict[str, object]
) -> None:
    found = verify_tables(inst.with_changes(changes), solved.tables, solved.summary())

    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), found.violations
