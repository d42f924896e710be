"""docs/examples/planning_script.py does what docs/embedding.md says."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "planning_script.py"


def test_the_planning_script_stops_when_money_is_no_longer_worth_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    budgets = pd.read_csv(tmp_path / "out" / "budgets.csv")
    assert budgets["verified"].all()
    # More money never costs more. 90 % of the grants leave little to gain, so 100 % is not tried.
    cost, bound = budgets["objective_musd"], budgets["bound_musd"]
    assert list(budgets["budget"]) == pytest.approx([0.6, 0.7, 0.8, 0.9])
    assert all(bound[i + 1] <= cost[i] for i in range(3))
    assert "a further MUSD saves at most 0." in done.stdout.splitlines()[6]
    units = pd.read_csv(tmp_path / "out" / "units.csv")
    ordered = units[["0.6", "0.7", "0.8", "0.9"]].sum()
    assert list(ordered) == list(budgets["units_ordered"])
    prices = pd.read_csv(tmp_path / "out" / "usd_per_mtok.csv", index_col="workload")
    assert set(prices.index) == {"agentic", "batch", "interactive", "training"}
    assert (prices > 0).all(axis=None)
