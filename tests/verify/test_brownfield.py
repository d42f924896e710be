"""The checker as a detector of wrong conversions, leases and rentals."""

from typing import Any

import pandas as pd
import pytest
from corrupt import Corruption, add, drop, off, put, scale

from models.build import build_model
from models.instance import Instance
from optimizer import Plan, solve
from optimizer.compiling import compile_model
from optimizer.starts import decisions_of, hint_of
from optimizer.verify import verify_tables
from tests.small import demands, plain, tiny, years

OFFER: dict[str, Any] = {
    "operator": "fjord",
    "jurisdiction": "NO",
    "lat": 59.9,
    "lon": 10.8,
    "price_usd_per_mtok": 1,
    "most_mtok_s": 30,
}


def everything() -> Instance:
    """Oslo with a mine, a shell for lease and offers, of which one may not see health data."""
    # Nine units of 2 MW are asked for. The connection of 20 MW carries eight once the mine is
    # converted; a tenth of what is asked for and more is rented.
    return tiny(
        horizon=years(3),
        sites={"oslo": {"grid_mw": 20, "initial_hall_mw": 2, "previous_use": "crypto_mining"}},
        mines=[
            {
                "site": "oslo",
                "mining_mw": 15,
                "capex_musd_per_mw": 2,
                "margin_musd_per_mw_year": 0.1,
                "shell_share": 0.5,
                "block_mw": 5,
            }
        ],
        shells=[
            {
                "site": "oslo",
                "most_mw": 8,
                "price_musd_per_mw_year": 0.5,
                "term_months": 24,
                "block_mw": 4,
            }
        ],
        rentals={
            "near": OFFER | {"least_mtok_s": 12, "most_mtok_s": 25},
            "far": OFFER | {"jurisdiction": "SE", "price_usd_per_mtok": 2},
        },
        jurisdictions={"SE": {"continent": "europe"}},
        data_classes={"health": {"compute": ["HOME"]}},
        demand=demands(("norway", "public", 2027, 70), ("norway", "health", 2027, 20)),
    )


@pytest.fixture(scope="module")
def inst() -> Instance:
    return everything()


@pytest.fixture(scope="module")
def plan(inst: Instance) -> Plan:
    return solve(inst)


def test_the_plan_uses_everything_and_passes(plan: Plan) -> None:
    assert plan.violations == ()
    # 15 MW converted: 6 MW of halls. With 2 MW at the start and 8 MW leased, eight units stand.
    assert plan.table("conversions")["converted_mw"].tolist() == [15, 15, 15]
    assert plan.table("leases")["leased_mw"].tolist() == [8, 8, 8]
    assert plan.table("rental_use")["paid_mtok_s"].tolist() == pytest.approx([12, 12, 12])


HEALTH, PUBLIC = ("norway", "chat", "health"), ("norway", "chat", "public")

CASES: list[tuple[str, str, Corruption]] = [
    ("conversion", "is open and has 15 MW of mining", scale("conversions", "ordered_mw", 4 / 3)),
    ("conversion", "no whole number of blocks", scale("conversions", "ordered_mw", 0.9)),
    ("halls", "over its halls", put("conversions", "ordered_mw", 0.0, period="2027")),
    (
        "power",
        "over its grid connection of 5",
        put("conversions", "ordered_mw", 0.0, period="2027"),
    ),
    ("conversion", "converted_mw 10 for", put("conversions", "converted_mw", 10.0, period="2028")),
    (
        "conversion",
        "mining_mw 3 for oslo, 2028",
        put("conversions", "mining_mw", 3.0, period="2028"),
    ),
    ("conversion", "hall_mw 9 for oslo, 2029", put("conversions", "hall_mw", 9.0, period="2029")),
    ("conversion", "blocks 2 for oslo, 2027", put("conversions", "blocks", 2, period="2027")),
    ("conversion", "no row for oslo, 2029", drop("conversions", period="2029")),
    ("cost", "the cost conversion_capex", off("costs_musd", "conversion_capex")),
    ("cost", "the cost mining_margin_lost", off("costs_musd", "mining_margin_lost")),
    ("kpi", "converted_mw", off("kpis", "converted_mw")),
    ("lease", "offers 8 MW", put("leases", "leased_mw", 12.0, period="2028")),
    ("lease", "no whole number of blocks", put("leases", "leased_mw", 7.0, period="2028")),
    ("lease", "the least term of 8 MW is not over", put("leases", "leased_mw", 4.0, period="2028")),
    ("halls", "over its halls", drop("leases", period="2029")),
    ("lease", "new_mw 8 for oslo, 2028", put("leases", "new_mw", 8.0, period="2028")),
    ("lease", "blocks 1 for oslo, 2028", put("leases", "blocks", 1, period="2028")),
    ("cost", "the cost lease", off("costs_musd", "lease")),
    ("kpi", "leased_mw_end", off("kpis", "leased_mw_end")),
    ("rental", "over the 25 offered", add("rentals", *PUBLIC, "near", "2027", "all", 20.0)),
    ("rental", "which its law forbids", add("rentals", *HEALTH, "far", "2027", "all", 1.0)),
    ("demand", "asks for 70 Mtok/s in 2027", add("rentals", *PUBLIC, "far", "2027", "all", 1.0)),
    (
        "rental",
        "paid_mtok_s 10 for near, 2027",
        put("rental_use", "paid_mtok_s", 10.0, period="2027"),
    ),
    ("rental", "mtok_s 11 for near, 2028", put("rental_use", "mtok_s", 11.0, period="2028")),
    ("rental", "no row for near, 2029", drop("rental_use", period="2029")),
    ("cost", "the cost rent", off("costs_musd", "rent")),
    ("cost", "table cash gives musd", scale("cash", "musd", 1.1, term="rent")),
    ("kpi", "rented_ttok", off("kpis", "rented_ttok")),
    (
        "tables",
        "'moon', which is not a known offer",
        put("rental_use", "offer", "moon", period="2027"),
    ),
    ("tables", "the table leases is missing", lambda tables, _: tables.pop("leases")),
    ("limits", "use 3 for conversion, oslo, 2027", put("limits", "use", 3.0, limit="conversion")),
    ("limits", "that lease, oslo, 2027 binds", put("limits", "binds", False, limit="lease")),
    (
        "limits",
        "allowed 9 for rental, near",
        put("limits", "allowed", 9.0, limit="rental", at="near"),
    ),
    ("limits", "allowed 20.5 for site_power", put("limits", "allowed", 20.5, limit="site_power")),
]


@pytest.mark.parametrize(("family", "says", "corrupt"), CASES, ids=[case[1] for case in CASES])
def test_a_spoiled_plan_is_refused(
    inst: Instance, plan: Plan, family: str, says: str, corrupt: Corruption
) -> None:
    tables: dict[str, pd.DataFrame] = {name: frame.copy() for name, frame in plan.tables.items()}
    summary = plan.summary()
    claim = summary | {name: dict(summary[name]) for name in ("costs_musd", "kpis")}
    corrupt(tables, claim)
    found = verify_tables(inst, tables, claim).violations

    assert any(v.family == family and says in v.message for v in found), [
        (v.family, v.message) for v in found
    ]


def test_a_closed_site_converts_and_leases_nothing() -> None:
    raw = everything().model_dump(mode="json")
    raw["sites"]["oslo"] |= {"opened": False, "initial_hall_mw": 0, "open_cost_musd": 1}
    inst = Instance.model_validate(raw)
    plan = solve(inst)
    assert plan.violations == ()
    tables = dict(plan.tables)
    tables["openings"] = tables["openings"].iloc[:0]
    found = {v.family: v.message for v in verify_tables(inst, tables, plan.summary()).violations}

    assert "it is closed" in found["conversion"]
    assert "it is closed" in found["lease"]


def test_a_known_plan_tells_its_whole_numbers_to_another_model(inst: Instance, plan: Plan) -> None:
    compiled = compile_model(build_model(inst, merge=True), inst)
    hint = hint_of(compiled, decisions_of(plan))

    assert hint is not None
    known = {plain(v): x for v, x in zip(compiled.variables, hint.tolist(), strict=True) if x}
    assert known["conversion_blocks[oslo,2027]"] == 3
    assert known["leased_blocks[oslo,2029]"] == 2
    assert known["rented[near,2028]"] == 1
