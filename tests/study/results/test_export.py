"""Results in spreadsheets: whole, and never as formulas."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from optimizer import PlanError
from optimizer.cli import cli
from optimizer.study.case import Case
from optimizer.study.export import csv_files, export_csv, export_excel, workbook
from optimizer.study.results import read_results
from tests.study.results.fake import case, finished, nothing, plan, tables

LONG = "x" * 40_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "s"
    link = Case("http://x.y", "cases", {"name": LONG})
    finished(
        path,
        [
            (case("=cmd|' /C calc'!A0", "base"), plan(100, 98, tables=tables(("oslo", 5)))),
            (case("@sum", budget=-1), plan(80, tables=tables(("oslo", 4), ("nairobi", 1)))),
            (link, nothing("infeasible", "-1 + 1")),
        ],
    )
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["study", "export", *map(str, words)])


def test_csv_holds_every_table(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "--csv", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    found = read_results(folder)
    assert {file.stem for file in (tmp_path / "out").iterdir()} == set(found)
    for name, table in found.items():
        assert len(pd.read_csv(tmp_path / "out" / f"{name}.csv")) == len(table)
    cases = pd.read_csv(tmp_path / "out" / "cases.csv")
    assert cases["case"].tolist() == ["'=cmd|' /C calc'!A0", "'@sum", "http://x.y"]
    assert cases["reasons"].tolist()[2] == "'-1 + 1"
    assert cases["objective_musd"].tolist()[:2] == [100, 80]
    levers = pd.read_csv(tmp_path / "out" / "levers.csv")
    assert levers["value"].tolist() == [-1]


def test_numbers_come_back_exactly_from_csv(tmp_path: Path) -> None:
    value = 0.1 + 0.2
    folder = finished(tmp_path / "s", [(case("x"), plan(value))])
    export_csv(folder.path, tmp_path / "out")
    read = pd.read_csv(tmp_path / "out" / "cases.csv", dtype=str)
    assert float(read["objective_musd"][0]) == value


def test_csv_leaves_what_is_there_unless_forced(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("mine")
    (tmp_path / "notes.txt").write_text("mine")
    result = run(folder, "--csv", tmp_path)
    assert result.exit_code == 2
    assert "is not empty; name another folder, or use --force" in result.stderr
    assert (tmp_path / "cases.csv").read_text() == "mine"
    assert run(folder, "--csv", tmp_path, "--force").exit_code == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "cases.csv").read_text() != "mine"


def test_a_failing_csv_export_leaves_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(csv_files, "_write", full)
    with pytest.raises(PlanError, match="No space left"):
        export_csv(folder, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_excel_has_a_cover_and_a_sheet_for_each_table(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    result = run(folder, "--excel", file)
    assert result.exit_code == 0, result.stderr
    book = openpyxl.load_workbook(file)
    found = read_results(folder)

    assert book.sheetnames == ["study", *found]
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]
    for name, table in found.items():
        sheet = book[name]
        assert sheet.max_row == len(table) + 1
        assert [cell.value for cell in sheet[1]] == list(table)
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref is not None
    cells = {cell.value: cell for row in book["cases"].iter_rows() for cell in row}
    assert cells["=cmd|' /C calc'!A0"].data_type == "s"
    assert cells["@sum"].data_type == "s"
    assert cells["http://x.y"].hyperlink is None
    assert cells[98].data_type == "n"
    assert book["cases"]["H2"].value is True
    assert book["orders"]["D2"].value == "2027"
    assert book["orders"]["D2"].data_type == "s"


def test_the_cover_says_how_far_the_study_got(folder: Path, tmp_path: Path) -> None:
    export_excel(folder, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["study"]
    rows = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert ["study", "fake"] in rows
    assert ["cases", 3] in rows
    assert ["optimal", 2] in rows
    assert ["infeasible", 1] in rows
    assert ["largest gap", 0.02] in rows
    assert ["solved by", "buildplan 0, highs 1"] in rows
    assert ["1 texts are longer than a cell can hold and CUT; use CSV"] in rows
    assert any(row and row[0] == "how to read" for row in rows)


def test_a_table_that_does_not_fit_is_left_out_and_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3 - 1)
    export_excel(folder, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert "orders" not in book.sheetnames
    assert "levers" in book.sheetnames
    texts = [cell.value for row in book["study"].iter_rows() for cell in row]
    assert "LEFT OUT: 3 rows are more than a sheet can hold; use CSV" in texts


def test_excel_leaves_what_is_there_unless_forced(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    file.write_text("mine")
    assert run(folder, "--excel", file).exit_code == 2
    assert file.read_text() == "mine"
    assert run(folder, "--excel", file, "--force").exit_code == 0
    assert openpyxl.load_workbook(file).sheetnames[0] == "study"
    assert run(folder, "--excel", tmp_path / "out.xls").exit_code == 2


def test_an_interrupted_excel_export_leaves_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workbook, "_fill", stop)
    with pytest.raises(KeyboardInterrupt):
        export_excel(folder, tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_something_must_be_asked_for(folder: Path) -> None:
    assert run(folder).exit_code == 2
