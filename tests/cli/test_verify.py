"""`buildplan verify` and `optimizer.verify`: the files of a plan, checked again."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

from optimizer import PlanError, read_instance, read_plan, verify
from optimizer.verify.findings import FAMILIES
from tests.cli.conftest import SMALL

Run = Callable[..., Result]


@pytest.fixture
def folder(plan_folder: Path, tmp_path: Path) -> Path:
    """A copy of a plan, to be spoilt."""
    return Path(shutil.copytree(plan_folder, tmp_path / "copy"))


def test_a_good_plan_passes_from_files_and_in_memory(run: Run, plan_folder: Path) -> None:
    result = run("verify", SMALL, plan_folder)

    assert result.exit_code == 0
    assert result.stdout.startswith(f"all {len(FAMILIES) + 2} checks passed")
    assert verify(read_instance(SMALL), read_plan(plan_folder)).passed


def test_the_csv_tables_alone_are_enough(run: Run, folder: Path) -> None:
    for file in (folder / "tables").glob("*.parquet"):
        file.unlink()

    assert run("verify", SMALL, folder).exit_code == 0


def test_a_changed_csv_is_refused(run: Run, folder: Path) -> None:
    file = folder / "tables" / "orders.csv"
    file.write_text(file.read_text().replace(",4", ",5"))
    result = run("verify", SMALL, folder)

    assert result.exit_code == 5
    assert "orders.csv and orders.parquet do not say the same" in result.stdout


def test_a_changed_parquet_is_refused(run: Run, folder: Path) -> None:
    file = folder / "tables" / "orders.parquet"
    pd.read_parquet(file).assign(units=5).to_parquet(file)
    result = run("verify", SMALL, folder, "--json")

    assert result.exit_code == 5
    content = json.loads(result.stdout)
    assert content["verified"] is False
    assert "orders" in content["violations"][0]["message"]


def test_a_plan_for_another_instance_is_refused(run: Run, plan_folder: Path) -> None:
    result = run("verify", SMALL, plan_folder, "--set", "finance.discount_rate_per_year=0.01")

    assert result.exit_code == 5
    assert "the plan was made for another instance" in result.stdout


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 nonsense PAR1", b"\x00" * 1000])
def test_broken_tables_are_refused_without_a_traceback(
    run: Run, folder: Path, content: bytes
) -> None:
    for file in (folder / "tables").iterdir():
        file.write_bytes(content)
    result = run("verify", SMALL, folder)

    assert result.exit_code == 5
    assert "orders.parquet cannot be read" in result.stdout
    assert "the table orders is missing" in result.stdout or content


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "[" * 100_000, "\udcff"])
def test_a_broken_plan_json_is_refused(run: Run, folder: Path, content: str) -> None:
    (folder / "plan.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    result = run("verify", SMALL, folder)

    assert result.exit_code == 5
    assert "plan.json is not" in result.stdout


def test_a_missing_table_is_refused(run: Run, folder: Path) -> None:
    for file in (folder / "tables").glob("runs.*"):
        file.unlink()
    result = run("verify", SMALL, folder)

    assert result.exit_code == 5
    assert "the table runs is missing" in result.stdout


def test_a_folder_without_a_plan_is_bad_input(run: Run, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere", SMALL):
        result = run("verify", SMALL, place)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "holds no plan" in result.stderr
        assert json.loads(run("verify", SMALL, place, "--json").stdout)["status"] == "invalid"


def test_an_outcome_without_a_plan_is_bad_input(folder: Path) -> None:
    shutil.rmtree(folder / "tables")
    claim = json.loads((folder / "plan.json").read_text())
    (folder / "plan.json").write_text(json.dumps(claim | {"status": "infeasible"}))

    with pytest.raises(PlanError, match="there is no plan to check"):
        verify(read_instance(SMALL), folder)


def test_a_plan_called_infeasible_is_refused(run: Run, folder: Path) -> None:
    claim = json.loads((folder / "plan.json").read_text())
    (folder / "plan.json").write_text(json.dumps(claim | {"status": "infeasible"}))

    assert run("verify", SMALL, folder).exit_code == 5
