"""The dataset: every case in it, the same bytes for the same cases, whole or not at all."""

import fcntl
import hashlib
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from optimizer import PlanError, solve
from optimizer.study.case import Case
from optimizer.study.folder import StudyFolder
from optimizer.study.results import open_tables, read_results, results_table, write, write_results
from optimizer.verify.specs import SPECS
from tests.small import tiny
from tests.study.results.fake import case, fail, finish, finished, nothing, plan, study, tables

CASES = (case("base", "base"), case("a", budget=1), case("b", budget=0.5), case("c", budget=0.1))


def digests(folder: StudyFolder) -> dict[str, str]:
    files = sorted((folder.path / "results").iterdir())
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def fill(folder: StudyFolder, order: list[str]) -> None:
    results = {
        "base": plan(100, tables=tables(("oslo", 5))),
        "a": plan(80, 79, tables=tables(("oslo", 4), ("nairobi", 1))),
        "b": nothing("infeasible", "no capital", "no power"),
    }
    for name in order:
        finish(folder, name, results[name])


def test_every_case_has_a_row(tmp_path: Path) -> None:
    folder = study(tmp_path / "s", CASES)
    fill(folder, ["base", "a", "b"])
    fail(folder, "c", "out of memory")
    write_results(folder)
    cases = results_table(folder.path, "cases").set_index("case")

    assert list(cases.index) == ["base", "a", "b", "c"]
    assert list(cases["status"]) == ["optimal", "optimal", "infeasible", "failed"]
    assert list(cases["group"]) == ["base", "sweep", "sweep", "sweep"]
    assert cases.at["b", "reasons"] == "no capital; no power"
    assert cases.at["c", "reasons"] == "out of memory"
    assert cases.at["a", "bound_musd"] == 79
    assert cases.at["a", "cost_unit_capex_musd"] == 80
    assert cases.at["a", "served_share"] == 1
    assert pd.isna(cases.at["b", "served_share"])
    assert pd.isna(cases.at["b", "verified"])


def test_levers_and_changes_are_tidy(tmp_path: Path) -> None:
    one = Case("x", "cases", {"sites.oslo.grid_mw": {"2027": 1}}, {"grid": "small", "budget": 2})
    folder = finished(tmp_path, [(one, None)])
    assert results_table(folder.path, "cases")["status"].tolist() == ["waiting"]
    levers = results_table(folder.path, "levers")
    assert levers["lever"].tolist() == ["grid", "budget"]
    assert levers["label"].tolist()[0] == "small"
    assert levers["value"].tolist()[1] == 2
    changes = results_table(folder.path, "changes")
    assert changes.to_numpy().tolist() == [["x", "sites.oslo.grid_mw", '{"2027": 1}']]


def test_tables_have_the_case_first_and_follow_the_study(tmp_path: Path) -> None:
    folder = study(tmp_path, CASES)
    fill(folder, ["base", "a", "b"])
    write_results(folder)
    orders = results_table(folder.path, "orders")

    assert list(orders.columns) == ["case", "site", "unit_type", "period", "units"]
    assert orders[["case", "site", "units"]].to_numpy().tolist() == [
        ["base", "oslo", 5],
        ["a", "oslo", 4],
        ["a", "nairobi", 1],
    ]
    assert orders["units"].dtype == "int64"


def test_the_bytes_do_not_depend_on_the_order_of_finishing(tmp_path: Path) -> None:
    first, second = study(tmp_path / "one", CASES), study(tmp_path / "two", CASES)
    fill(first, ["base", "a", "b"])
    write_results(first)
    for order in (["b"], ["a"], ["base"]):
        fill(second, order)
        write_results(second)

    assert digests(second) == digests(first)
    before = digests(first)
    write_results(first)
    assert digests(first) == before


def test_cases_with_one_key_share_a_plan(tmp_path: Path) -> None:
    folder = study(tmp_path, CASES[:2])
    folder.keys["a"] = folder.keys["base"]
    finish(folder, "base", plan(100, tables=tables(("oslo", 5))))
    write_results(folder)
    assert results_table(folder.path, "orders")["case"].tolist() == ["base", "a"]


@pytest.mark.parametrize("status", [None, "infeasible"])
def test_all_tables_are_there_without_any_plan(tmp_path: Path, status: str | None) -> None:
    folder = finished(tmp_path, [(case("x", budget=1), nothing(status) if status else None)])
    found = read_results(folder.path)
    assert set(found) == {"cases", "levers", "changes", *SPECS}
    assert list(found["flows"]) == ["case", *SPECS["flows"].keys, "mtok_s"]
    assert found["flows"].empty
    assert pd.isna(found["cases"]["capex_musd"]).all()


def test_columns_suit_all_plans(tmp_path: Path) -> None:
    """What one plan has and another lacks is there, and whole and real numbers become real."""
    more = pd.DataFrame({"site": ["oslo"], "period": ["2027"], "opened": [1], "note": ["x"]})
    real = pd.DataFrame({"site": ["oslo"], "period": ["2027"], "opened": [0.5]})
    folder = finished(
        tmp_path,
        [
            (CASES[0], nothing()),
            (CASES[1], plan(1, tables={"openings": real, "extra": more})),
            (CASES[2], plan(2, tables={"openings": more})),
        ],
    )
    found = read_results(folder.path)
    assert found["openings"]["opened"].tolist() == [0.5, 1.0]
    assert found["openings"]["note"].isna().tolist() == [True, False]
    assert len(found["extra"]) == 1


def test_plans_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    text = pd.DataFrame({"opened": ["yes"]})
    number = pd.DataFrame({"opened": [1]})
    folder = study(tmp_path, CASES[:2])
    finish(folder, "base", plan(1, tables={"openings": text}))
    finish(folder, "a", plan(2, tables={"openings": number}))
    with pytest.raises(PlanError, match="column opened is int64, but string in another plan"):
        write_results(folder)


def test_a_plan_that_the_checker_refused_is_no_plan(tmp_path: Path) -> None:
    wrong = replace(plan(1, tables=tables(("oslo", 1))), verified=False, violations=("power",))
    folder = finished(tmp_path, [(CASES[0], wrong)])
    row = results_table(folder.path, "cases").iloc[0]
    assert (row["status"], row["reasons"]) == ("failed", "refused by the checker: power")
    assert pd.isna(row["objective_musd"])
    assert results_table(folder.path, "orders").empty


def test_an_interrupted_writer_leaves_the_older_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = study(tmp_path, CASES)
    fill(folder, ["base"])
    write_results(folder)
    before = digests(folder)
    fill(folder, ["a"])

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(write, "fitted", stop)
    with pytest.raises(KeyboardInterrupt):
        write_results(folder)
    assert digests(folder) == before
    assert not list(tmp_path.glob(".results-*"))


def test_an_interrupt_between_the_two_renames_takes_the_older_results_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = study(tmp_path, CASES)
    fill(folder, ["base"])
    before = digests(folder) if write_results(folder) else {}
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name.startswith(write.NEW):
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(PlanError, match=r"cannot be written to .*results: No space left"):
        write_results(folder)
    assert digests(folder) == before
    assert not list(tmp_path.glob(".results-*"))


def test_what_a_killed_writer_left_is_put_right(tmp_path: Path) -> None:
    folder = study(tmp_path, CASES)
    fill(folder, ["base"])
    write_results(folder)
    before = digests(folder)
    (tmp_path / ".results-new-dead").mkdir()
    (tmp_path / ".results-old-dead").mkdir()
    (tmp_path / "results").rename(tmp_path / ".results-old-dead" / "results")
    with pytest.raises(PlanError, match="holds no results yet; `buildplan study run`"):
        open_tables(tmp_path)
    write_results(folder)
    assert digests(folder) == before
    assert not list(tmp_path.glob(".results-*"))


def test_open_tables_outlive_a_new_writing(tmp_path: Path) -> None:
    folder = study(tmp_path, CASES)
    fill(folder, ["base"])
    write_results(folder)
    files = open_tables(tmp_path)
    fill(folder, ["a"])
    write_results(folder)
    assert len(pq.ParquetFile(files["orders"]).read()) == 1
    assert len(results_table(tmp_path, "orders")) == 3


def test_a_second_writer_waits(tmp_path: Path) -> None:
    folder = study(tmp_path, CASES)
    with (tmp_path / write.LOCK).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        other = multiprocessing.get_context("spawn").Process(target=write_results, args=(folder,))
        other.start()
        other.join(0.2)
        waiting = other.is_alive()
        assert not (tmp_path / "results").exists()
    other.join(60)
    assert waiting
    assert other.exitcode == 0
    assert (tmp_path / "results").exists()


def test_many_rows_are_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "GROUP_ROWS", 3)
    folder = finished(
        tmp_path, [(case(f"c{i}"), plan(i + 1, tables=tables(("oslo", 1)))) for i in range(7)]
    )
    file = pq.ParquetFile(folder.path / "results" / "orders.parquet")
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [3, 3, 1]


def test_unknown_tables_and_folders_are_told(tmp_path: Path) -> None:
    folder = finished(tmp_path / "s", [(CASES[0], None)])
    with pytest.raises(KeyError, match="Did you mean 'orders'"):
        results_table(folder.path, "ordres")
    with pytest.raises(PlanError, match="holds no study"):
        read_results(tmp_path / "nowhere")
    (folder.path / "results" / "orders.parquet").write_bytes(b"PAR1 rubbish")
    with pytest.raises(PlanError, match=r"orders\.parquet cannot be read"):
        read_results(folder.path)


def test_a_broken_plan_is_told(tmp_path: Path) -> None:
    folder = study(tmp_path, CASES[:1])
    fill(folder, ["base"])
    (folder.plan_folder("base") / "tables" / "orders.parquet").write_bytes(b"rubbish")
    with pytest.raises(PlanError, match=r"orders\.parquet cannot be read"):
        write_results(folder)
    (folder.plan_folder("base") / "plan.json").write_text("[]")
    with pytest.raises(PlanError, match="was changed after it was certified"):
        write_results(folder)
    (folder.plan_folder("base") / "certificate.json").unlink()
    with pytest.raises(PlanError, match="is not that of a plan"):
        write_results(folder)


def test_solved_plans_come_back(tmp_path: Path) -> None:
    """The rows of a real plan are in the dataset, and its figures add up."""
    real = solve(tiny())
    folder = finished(tmp_path, [(CASES[0], nothing()), (CASES[1], real), (CASES[2], real)])
    found = read_results(folder.path)
    for name, table in real.tables.items():
        rows = found[name][found[name]["case"] == "b"].drop(columns="case").reset_index(drop=True)
        pd.testing.assert_frame_equal(rows[list(table)], table, check_dtype=False)
    row = found["cases"].set_index("case").loc["a"]
    costs = [column for column in row.index if column.startswith("cost_") and "mtok" not in column]
    assert row[costs].astype(float).sum() == pytest.approx(real.objective_musd)
    assert {name for name in real.kpis if pd.isna(row[name])} == set()
