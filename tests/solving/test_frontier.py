"""Frontiers: exact extremes, limits in between, checked plans, and their folder."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from models.instance import Instance
from optimizer import Frontier, frontier, read_plan, verify
from tests.small import tiny

FILE = "instances/objectives/instance.yaml"


@pytest.fixture(scope="module")
def inst() -> Instance:
    """Five Mtok/s-tens on dirty units of 40 or clean ones of 60; an idle unit draws as much."""
    gen1 = {"idle_share": 1, "cooling": "dirty", "embodied_tco2": 1000}
    gen2 = {
        "generation": "two",
        "cooling": "clean",
        "it_mw": 2,
        "capex_musd": 60,
        "life_years": 5,
        "available_from": 2020,
        "idle_share": 1,
    }
    return tiny(
        sites={"oslo": {"pue": {"dirty": 1.25, "clean": 1.25}, "carbon_kg_per_mwh": 400}},
        unit_types={"gen1": gen1, "gen2": gen2},
        throughput=[{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")],
    )


@pytest.fixture(scope="module")
def found(inst: Instance) -> Frontier:
    # With all served, each gen2 costs 20 more and emits 1 kt less. Not serving is dearer still
    # (315.36 per Mtok/s), so a unit less saves 9.76 kt and costs 3 113.6 or 3 093.6.
    return frontier(inst, "carbon", 3)


def test_the_extremes_are_exact(found: Frontier) -> None:
    table = found.table.set_index("point")

    assert found.over == ("cost", "carbon")
    assert list(table.index) == ["01", "02", "03"]
    # Least cost: five gen1, 200 MUSD, 5 · 8.76 + 5 · 1 kt.
    assert table.loc["01", "cost_musd"] == pytest.approx(200)
    assert table.loc["01", "carbon_tco2"] == pytest.approx(48_800)
    # Least carbon: nothing at all, 50 · 315.36 MUSD.
    assert table.loc["03", "cost_musd"] == pytest.approx(15_768, rel=1e-5)
    assert table.loc["03", "carbon_tco2"] == pytest.approx(0, abs=1)
    # Half of it, 24.4 kt: two units of gen2 (17.52 kt) leave 6.88, not enough for a third.
    assert table.loc["02", "most_carbon_tco2"] == pytest.approx(24_400, rel=1e-4)
    assert table.loc["02", "cost_musd"] == pytest.approx(30 * 315.36 + 2 * 40, rel=1e-4)
    assert table.loc["02", "carbon_tco2"] == pytest.approx(2 * 9760, rel=1e-4)


def test_points_are_checked_plans_with_their_proofs(found: Frontier) -> None:
    assert found.table["status"].tolist() == ["optimal"] * 3
    assert found.table["verified"].all()
    assert not found.table["dominated"].any()
    assert found.table["bound_cost_musd"].tolist() == pytest.approx(
        found.table["cost_musd"].tolist(), rel=1e-4
    )
    assert [goal["name"] for goal in found.points[0].goals] == ["cost", "carbon"]
    assert [goal["name"] for goal in found.points[-1].goals] == ["carbon", "cost"]


def test_a_frontier_on_disk(inst: Instance, found: Frontier, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "f")

    table = pd.read_parquet(folder / "frontier.parquet")
    pd.testing.assert_frame_equal(table, found.table, check_dtype=False)
    for name in table["point"]:
        assert verify(inst, folder / "points" / name).passed
        assert read_plan(folder / "points" / name).verified
    assert found.save(folder) == folder


def test_two_measures_that_agree_have_one_point(inst: Instance) -> None:
    # Where all must be served, energy is the same for every plan: the least cost is all there is.
    must = inst.with_changes({"workloads.chat.shortfall_price_usd_per_mtok.remove": True})
    found = frontier(must, ("cost", "energy"), 5)
    assert found.table["dominated"].tolist() == [False, True]
    assert found.table["cost_musd"].tolist() == pytest.approx([200, 200])


def test_measures_without_cost_end_with_the_cheapest(inst: Instance) -> None:
    found = frontier(inst, ("shortfall", "carbon"), 2)
    assert found.table["shortfall_ttok"].iloc[0] == pytest.approx(0, abs=1e-3)
    # All served at least carbon: five gen2.
    assert found.table["carbon_tco2"].iloc[0] == pytest.approx(43_800, rel=1e-4)
    assert found.table["cost_musd"].iloc[0] == pytest.approx(300, rel=1e-4)


def test_what_makes_no_sense_is_refused(inst: Instance) -> None:
    with pytest.raises(ValueError, match="of cost, carbon"):
        frontier(inst, "luck")
    with pytest.raises(ValueError, match="different measures"):
        frontier(inst, ("cost", "cost"))
    with pytest.raises(ValueError, match="2 to 100 points"):
        frontier(inst, "carbon", 1)


def test_an_instance_without_a_plan_has_no_frontier() -> None:
    inst = tiny(
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}},
        budget={"pools": {"all": {"grants": {2027: 1}}}},
    )
    found = frontier(inst, "energy", 4)
    assert [plan.status for plan in found.points] == ["infeasible"]
    assert found.table["cost_musd"].isna().all()


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "optimizer", "solve", FILE, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_the_command_line(tmp_path: Path) -> None:
    done = run("--frontier", "carbon:3", "--out", str(tmp_path / "f"))

    assert done.returncode == 0, done.stderr
    assert "objectives: cost against carbon" in done.stdout
    assert (tmp_path / "f" / "frontier.csv").exists()
    assert (tmp_path / "f" / "points" / "03" / "plan.json").exists()
    refused = run("--frontier", "luck:3")
    assert refused.returncode == 2
    assert "--frontier" in refused.stderr
