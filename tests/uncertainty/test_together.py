"""Scenarios with mines, leases, rentals and control planes: shared as all first decisions are."""

import copy
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from models.build import build_model
from models.instance import Instance
from optimizer import Plan, read_instance, solve
from optimizer.verify import verify_tables

INSTANCES = Path(__file__).parents[2] / "instances"
FIRST = ["2027", "2027-01", "2027-07"]
"""Periods before anything is revealed."""


def uncertain(name: str) -> Instance:
    """A shipped instance whose demand may be a third higher; known in 2028."""
    boom = {"probability": 0.4, "revealed": "2028-01", "changes": {"demand.scale": 1.3}}
    futures = {"calm": {"probability": 0.6}, "boom": boom}
    return read_instance(INSTANCES / name).with_changes({"scenarios": futures})


PLANS: dict[str, Plan] = {}


def plan_of(name: str) -> Plan:
    """The plan of such an instance, solved once."""
    if name not in PLANS:
        PLANS[name] = solve(uncertain(name), gap=0.02, threads=1)
    return PLANS[name]


@pytest.mark.parametrize(
    ("name", "kind", "table", "column"),
    [
        ("brownfield", "conversion", "conversions", "ordered_mw"),
        ("make-or-buy", "lease", "leases", "leased_mw"),
        ("sovereignty", "control_plane", "local_control_planes", "raised"),
    ],
)
def test_first_decisions_are_shared(name: str, kind: str, table: str, column: str) -> None:
    plan = plan_of(name)

    assert plan.verified
    assert plan.status == "optimal"
    early = plan.tables[table][plan.tables[table]["period"].isin(FIRST)]
    amounts = [
        early[early["scenario"] == w].set_index(["site", "period"])[column].to_dict()
        for w in ("calm", "boom")
    ]
    assert amounts[0] == pytest.approx(amounts[1], abs=1e-6)
    assert sum(amounts[0].values()) > 0
    assert kind in set(plan.table("no_regret")["kind"])


def test_amounts_in_mw_stand_apart_from_numbers() -> None:
    orders = plan_of("brownfield").table("no_regret")

    assert ((orders["mw"] > 0) == (orders["kind"] == "conversion")).all()
    assert ((orders["units"] > 0) == (orders["kind"] != "conversion")).all()


def more(table: str, column: str) -> Callable[[dict[str, pd.DataFrame]], None]:
    """A little more of something in its first row."""

    def corrupt(tables: dict[str, pd.DataFrame]) -> None:
        frame = tables[table].copy()
        row = frame.index[frame[column] > 0][0]
        frame.loc[row, column] += 0.5 if frame[column].dtype == float else 1
        tables[table] = frame

    return corrupt


@pytest.mark.parametrize(
    ("name", "says", "corrupt"),
    [
        ("brownfield", "conversion, lulea, 2027-01: ", more("conversions", "ordered_mw")),
        ("make-or-buy", "on lease, oslo, 2027-01: ", more("leases", "leased_mw")),
        ("sovereignty", "control_plane, nairobi, 2027: ", more("local_control_planes", "raised")),
        ("brownfield", "the table no_regret says ", more("no_regret", "mw")),
        ("make-or-buy", "the table triggers says ", more("triggers", "mw")),
    ],
)
def test_what_is_wrong_is_named(
    name: str, says: str, corrupt: Callable[[dict[str, pd.DataFrame]], None]
) -> None:
    plan = plan_of(name)
    tables = copy.copy(dict(plan.tables))
    corrupt(tables)

    found = verify_tables(uncertain(name), tables, plan.summary()).violations

    assert any(one.family == "scenarios" and says in one.message for one in found), found


@pytest.mark.parametrize("name", ["brownfield", "make-or-buy", "sovereignty"])
def test_rows_bind_all_that_is_decided(name: str) -> None:
    """Every decision that is made in 2027 has its row, whole or in MW."""
    m = build_model(uncertain(name), merge=True)

    shared = {(x, *i) for _, x, *i in m.shared_decision_balance}
    block = m.scenario["calm"]
    for x in ("order", "hall", "open_site", "convert", "leased_mw", "raise_level"):
        for index in block.component(x):
            assert ((x, *index) in shared) == (index[-1] in FIRST)
