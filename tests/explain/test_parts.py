"""Parts of explanations: smallest sets, round amounts, texts of changes, Python's own way."""

from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer import explain
from optimizer.explain.changes import as_set, rounded_up
from optimizer.explain.conflict import smallest
from optimizer.explain.kinds import KINDS
from optimizer.explain.words import spans
from optimizer.instance_io import parse_set
from tests.small import tiny

FIRM: dict[str, Any] = {"workloads": {"chat": {"shortfall_price_usd_per_mtok": None}}}

Families = st.lists(st.frozensets(st.integers(0, 11), min_size=1, max_size=4), min_size=1)


@given(Families)
def test_smallest_set_is_in_conflict_and_without_any_one_it_is_not(
    conflicts: list[frozenset[int]],
) -> None:
    def can_hold(items: Any) -> bool:
        return not any(conflict <= set(items) for conflict in conflicts)

    found = smallest(range(12), can_hold)

    assert not can_hold(found)
    assert all(can_hold(set(found) - {one}) for one in found)


@given(st.floats(1e-5, 1e6))
def test_amounts_are_rounded_up_to_three_digits(amount: float) -> None:
    rounded = rounded_up(amount)

    assert amount * (1 - 1e-5) <= rounded <= amount * 1.0101
    assert float(f"{rounded:.3g}") == pytest.approx(rounded, rel=1e-12)
    assert rounded_up(2.00000001, whole=True) == 2
    assert rounded_up(2.1, whole=True) == 3


@pytest.mark.parametrize("value", [12.5, 3, 1e-05, True, None, [], ["ANY"], "2027-01-01"])
def test_what_a_change_says_is_read_back_as_the_same(value: object) -> None:
    (read,) = parse_set([as_set("a.b", value)]).values()

    assert read == ("ANY" if value == ["ANY"] else value)


def test_periods_in_few_words() -> None:
    names = ["2027", "2028", "2029", "2030"]
    assert spans(["2027"], names) == "2027"
    assert spans(["2027", "2028", "2030"], names) == "2027 to 2028, 2030"


def test_explain_in_python() -> None:
    # Five units of 2.5 MW at the meter.
    inst = tiny(sites={"oslo": {"grid_mw": 10}}, **FIRM)
    told = explain(inst, threads=1)

    assert told.status == "infeasible"
    assert told.reasons[0].startswith("these limits cannot hold together")
    assert told.repairs[0].changes == {"sites.oslo.grid_mw": 12.5}
    assert told.repairs[0].words == ("+2.5 MW: grid connection of oslo in 2027",)
    assert told.as_dict()["repairs"][0]["set"] == ["sites.oslo.grid_mw=12.5"]
    assert explain(inst.with_changes(told.repairs[0].changes), threads=1).status == "feasible"
    with pytest.raises(ValueError, match="no kind of limit is called 'power'"):
        explain(inst, prices={"power": 1.0})


def test_prices_of_the_instance_count_before_the_usual_ones() -> None:
    # The row is of no effect on the plan: it allows nothing.
    dear = [{"limit": "site_power", "price_musd": 1e5, "most": 0}]
    told = explain(tiny(sites={"oslo": {"grid_mw": 10}}, soft_limits=dear, **FIRM), threads=1)

    assert told.repairs[0].changes == {"workloads.chat.shortfall_price_usd_per_mtok": 1000.0}


def test_own_rules_are_taken_as_they_are() -> None:
    def add_to(m: Any, inst: Any) -> None:
        m.at_most_three = pyo.Constraint(expr=m.order["oslo", "gen1", "2027"] <= 3)

    told = explain(tiny(**FIRM), families=[add_to], threads=1)

    assert [one.kind for one in told.conflict] == ["demand"]
    assert told.law_is_given


def test_every_kind_of_limit_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explain.md").read_text()

    for name, kind in KINDS.items():
        assert f"| `{name}` |" in page
        assert f"| {kind.price_musd:g} MUSD" in page.split(f"| `{name}` |")[1].split("\n")[0]
