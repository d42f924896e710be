"""`buildplan compare`: folders, cases and studies; exit codes; files that spreadsheets may open."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from optimizer import Plan, PlanError, compare, compare_studies, solve
from optimizer.cli import cli
from optimizer.plan import write_plan
from optimizer.study.case import Case, Study
from optimizer.study.folder import StudyFolder
from tests.small import tiny

CASES = (
    Case("as it is", "base", {}),
    Case("price: high", "cases", {"unit_types.gen1.capex_musd": 50}),
    Case("never solved", "cases", {"demand.scale": 2}),
)
KEYS = {case.name: f"key{place}" for place, case in enumerate(CASES)}

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *words: CliRunner().invoke(cli, ["compare", *map(str, words)])


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    study = Study("small", tiny(), CASES)
    return [solve(study.instance(case)) for case in CASES[:2]]


@pytest.fixture
def folders(plans: list[Plan], tmp_path: Path) -> list[Path]:
    return [plan.save(tmp_path / name) for plan, name in zip(plans, "ab", strict=True)]


@pytest.fixture
def study(plans: list[Plan], tmp_path: Path) -> Path:
    """A study with two solved cases; their folders do not hold their instances."""
    folder = StudyFolder.create(tmp_path / "study", Study("small", tiny(), CASES), KEYS)
    for case, plan in zip(CASES, plans, strict=False):
        write_plan(replace(plan, instance=None), folder.plan_folder(case.name), csv=False)
    return folder.path


def test_two_folders_in_words_and_as_json(run: Run, folders: list[Path]) -> None:
    result = run(*folders)
    assert result.exit_code == 0
    assert "unit_types.gen1.capex_musd  40 → 50 (× 1.25)" in result.stdout
    assert "50.0 MUSD (25.0 %) dearer than before" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100

    content = json.loads(run(*folders, "--json").stdout)
    assert content["difference_musd"] == pytest.approx(50)
    assert content["inputs"][0]["path"] == "unit_types.gen1.capex_musd"
    assert [row["term"] for row in content["contributors"]] == ["unit_capex"]


def test_cases_of_a_study_know_their_inputs(run: Run, study: Path) -> None:
    result = run(f"{study}:as it is", f"{study}:price: high", "--json")
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert [line["path"] for line in content["inputs"]] == ["unit_types.gen1.capex_musd"]
    assert compare(study / "cases" / "key0", study / "cases" / "key1").inputs_known


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["{study}:price high", "{a}"], "Did you mean 'price: high'?"),
        (["{study}:never solved", "{a}"], "has not been solved yet"),
        (["{study}", "{a}"], "is a study; name one of its cases"),
        (["{a}", "{a}/nowhere"], "holds no plan"),
        (["{a}", "{a}/nowhere:x"], "holds no plan"),
        (["{a}", "{b}", "--out", "{study}"], "holds no comparison"),
        (["{a}", "{b}", "--out", " "], "names no folder"),
    ],
)
def test_what_cannot_be_read_is_bad_input(
    run: Run, folders: list[Path], study: Path, words: list[str], says: str
) -> None:
    names = {"study": study, "a": folders[0], "b": folders[1]}
    result = run(*(word.format(**names) for word in words))
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def older(folder: Path) -> Path:
    """The folder as it was before there were certificates: what it holds is looked at."""
    (folder / "certificate.json").unlink()
    return folder


def test_a_changed_plan_is_not_compared(run: Run, folders: list[Path]) -> None:
    file = folders[1] / "plan.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"objective_musd": 1.0}))
    result = run(*folders)
    assert result.exit_code == 2
    assert "plan.json was changed after it was certified; solve again" in result.stderr


@pytest.mark.parametrize("table", ["orders", "limits", "cash"])
def test_broken_tables_are_bad_input(run: Run, folders: list[Path], table: str) -> None:
    file = older(folders[1]) / "tables" / f"{table}.parquet"
    pd.read_parquet(file).assign(period="soon").to_parquet(file)
    assert "the period 'soon' must be a date" in run(*folders).stderr
    pd.read_parquet(file).drop(columns="period").to_parquet(file)
    assert "has no column period" in run(*folders).stderr
    file.unlink()
    result = run(*folders)
    assert result.exit_code == 2
    assert f"the table {table} is missing" in result.stderr


@pytest.mark.parametrize(
    "wrong", [{"costs_musd": "3"}, {"costs_musd": {"energy": "much"}}, {"objective_musd": "200"}]
)
def test_a_broken_summary_is_bad_input(
    run: Run, folders: list[Path], wrong: dict[str, object]
) -> None:
    file = older(folders[1]) / "plan.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | wrong))
    result = run(*folders)
    assert result.exit_code == 2
    assert "where a number must be" in result.stderr or "do not add up" in result.stderr


def test_tables_are_written_and_harmless(run: Run, plans: list[Plan], tmp_path: Path) -> None:
    renamed = tiny().with_changes({"name": "=HYPERLINK(0)", "sites.oslo.source": "[red]@x[/red]"})
    a, b = plans[0].save(tmp_path / "a"), solve(renamed).save(tmp_path / "b")
    out = tmp_path / "out"
    for _ in range(2):
        result = run(a, b, "--out", out)
        assert result.exit_code == 0
        assert f"Comparison written to {out}" in result.stderr

    assert "[red]@x[/red]" in result.stdout
    inputs = (out / "inputs.csv").read_text()
    assert "name,tiny,'=HYPERLINK(0),,changed" in inputs
    assert (
        json.loads((out / "comparison.json").read_text())["inputs"][0]["after"] == "=HYPERLINK(0)"
    )
    assert sorted(file.stem for file in out.glob("*.csv")) == [
        "contributors", "inputs", "kpis", "limits", "moves", "service", "waterfall"
    ]  # fmt: skip


def test_an_older_folder_and_a_false_instance(folders: list[Path]) -> None:
    shutil.copy(folders[0] / "instance.json", older(folders[1]) / "instance.json")
    found = compare(*folders)
    assert not found.inputs_known
    assert "is not the instance that the plan was made for" in found.after.note
    (folders[1] / "instance.json").unlink()
    assert compare(*folders).after.note == "the plan's folder has no instance.json"
    assert "Inputs: not known" in compare(*folders).in_words()


def test_studies_are_compared_case_by_case(run: Run, study: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(study, tmp_path / "other"))
    result = run(study, other)
    assert result.exit_code == 0
    assert result.stdout.startswith("2 of 3 cases agree within their gaps")
    assert "never solved" in result.stdout

    file = other / "cases" / "key1" / "plan.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"objective_musd": 260.0, "bound_musd": 255.0}))
    result = run(study, other, "--json", "--out", tmp_path / "out", "--quiet")
    content = json.loads(result.stdout)
    assert (result.exit_code, content["agree"]) == (0, False)
    assert content["counts"] == {"agrees": 1, "differs": 1, "open": 1, "missing": 0}
    assert len(pd.read_csv(tmp_path / "out" / "cases.csv")) == 3

    # A bound of 250 or less leaves open which of the two is the least cost.
    file.write_text(json.dumps(told | {"objective_musd": 260.0, "bound_musd": 250.0}))
    assert compare_studies(study, other).counts["agrees"] == 2
    file.write_text(json.dumps(told | {"status": "infeasible", "objective_musd": None}))
    assert compare_studies(study, other).counts["differs"] == 1


def test_a_study_that_cannot_be_read_is_refused(run: Run, study: Path) -> None:
    (study / "study.json").write_text("{")
    assert run(study, study).exit_code == 2
    with pytest.raises(PlanError):
        compare_studies(study, study)
