"""What one more unit of a limit is worth: by hand, and as the difference of two relaxations."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from models.instance import Instance
from optimizer import Plan, read_plan, report, solve
from optimizer.highs import Crew, Job
from optimizer.own import compile_with
from optimizer.plan.limit_values import limit_values
from optimizer.report.contents import figures
from optimizer.report.reading import Reading
from tests.small import GEN1, SHORT, tiny

GEN2 = GEN1 | {"it_mw": 3, "capex_musd": 60}


def two_sizes(**changes: Any) -> Instance:
    """Oslo with units of 2.5 and 3.75 MW at the meter, which make as much per MW, and cost as much.

    Whole orders of either alone leave some of a connection unused; parts of both can fill it.
    """
    return tiny(
        unit_types={"gen2": GEN2},
        throughput=[
            {"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
            {"unit_type": "gen2", "workload": "chat", "mtok_s": 15},
        ],
        **changes,
    )


def relaxed_musd(inst: Instance) -> float:
    """The least cost if units and halls can be parts."""
    matrix = compile_with((), inst).matrix
    with Crew() as crew:
        outcome = crew.run(Job(matrix.relaxed(), method="simplex"))
    assert outcome.x is not None
    return matrix.value(outcome.x)


def values(plan: Plan) -> pd.DataFrame:
    assert plan.evidence is not None
    assert plan.evidence.limit_values is not None
    return plan.evidence.limit_values


def test_a_mw_at_a_site_that_is_full() -> None:
    """1 MW is 0.4 units of gen1: 4 Mtok/s that are not short, less 0.4 · 40 MUSD of capital."""
    by_hand = 4 * SHORT - 0.4 * 40
    found = values(solve(two_sizes(sites={"oslo": {"grid_mw": 11}})))
    row = found[found["limit"] == "site_power"].iloc[0]
    assert (row["at"], row["period"]) == ("oslo", "2027")
    assert row["musd_per_unit"] == pytest.approx(by_hand)
    less, more = (relaxed_musd(two_sizes(sites={"oslo": {"grid_mw": mw}})) for mw in (11, 12))
    assert less - more == pytest.approx(by_hand)


def test_money_that_is_kept_counts_once() -> None:
    """A MUSD granted buys 1/40 of a unit, which saves 10/40 · 315.36 MUSD and costs its 1 MUSD.

    It is granted in the first half of the year and could be kept, but a unit that comes half a
    year later serves half as much, so it is the first period's limit that is worth something.
    """
    halves = {"start": 2027, "months": 6, "count": 2}
    grants = {"2027-01": 110, "2027-07": 1000}
    inst = two_sizes(
        horizon=halves, budget={"pools": {"purse": {"grants": grants, "carry_over": True}}}
    )
    found = values(solve(inst))
    budget = found[found["limit"] == "budget"].set_index("period")["musd_per_unit"]
    more = two_sizes(
        horizon=halves,
        budget={"pools": {"purse": {"grants": grants | {"2027-01": 111}, "carry_over": True}}},
    )
    assert budget.sum() == pytest.approx(relaxed_musd(inst) - relaxed_musd(more))
    assert (budget >= 0).all()
    assert budget.index.tolist() == ["2027-01"]


def test_a_floor_is_worth_what_giving_way_saves() -> None:
    """A site must host 15 MW, 7.5 units, though 5 would serve all: 1 MW less saves 20 MUSD."""
    inst = two_sizes(sufficiency={"own": {"jurisdictions": ["NO"], "host_it_mw": 15}})
    compiled = compile_with((), inst)
    with Crew() as crew:
        outcome = crew.run(Job(compiled.matrix.relaxed(), method="simplex"))
    assert outcome.row_duals is not None
    found = limit_values(compiled, outcome.row_duals).set_index("limit")["musd_per_unit"]
    assert found["sufficiency_mw"] == pytest.approx(20)


def test_limits_are_ranked_by_value_too(tmp_path: Path) -> None:
    plan = solve(two_sizes(sites={"oslo": {"grid_mw": 11}}))
    kept = Reading.read(plan.save(tmp_path / "plan"))
    for seen in (Reading.of(plan), kept):
        shown = figures(seen)
        ranked = shown["limit-values"].table
        assert ranked["musd_per_unit"].is_monotonic_decreasing
        first = ranked.iloc[0]
        assert (first["limit"], first["at"], first["unit"]) == ("site power", "oslo", "MW")
        by_use = shown["limits"].table.set_index("limit")["musd_per_unit"]
        assert by_use["site power"] == pytest.approx(first["musd_per_unit"])


def test_without_duals_it_is_said_that_no_value_is_known(tmp_path: Path) -> None:
    plan = replace(solve(tiny()), evidence=None)
    text = report(plan, tmp_path / "page.html").read_text("utf-8")
    assert "What limits are worth is not known here" in text


def test_values_of_an_older_plan_do_not_stay(tmp_path: Path) -> None:
    plan = solve(two_sizes(sites={"oslo": {"grid_mw": 11}}))
    folder = plan.save(tmp_path / "plan")
    assert (folder / "limit_values.parquet").is_file()
    assert read_plan(folder).verified
    replace(plan, evidence=None).save(folder)
    assert not (folder / "limit_values.parquet").exists()
