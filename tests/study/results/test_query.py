"""SQL over the results: answers, refusals, and what may be reached."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from optimizer.cli import cli
from optimizer.study.query import QueryError, query
from tests.study.results.fake import case, finished, nothing, plan, tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("it's") / "s"
    finished(
        path,
        [
            (case("base", "base"), plan(100, tables=tables(("oslo", 5)))),
            (case("=1+1", budget=1), plan(80, tables=tables(("oslo", 4), ("nairobi", 1)))),
            (case("no", budget=0.5), nothing("infeasible", "no capital")),
        ],
    )
    pd.DataFrame({"case": ["base"], "seconds": [1.5]}).to_parquet(path / "timings.parquet")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["study", "query", *map(str, words)])


def test_answers_are_data_frames(folder: Path) -> None:
    sql = 'select c."case", sum(units) as units from orders o join cases c on c.case = o.case'
    found = query(folder, f"{sql} group by 1 order by 1 desc")
    assert found.to_dict("list") == {"case": ["base", "=1+1"], "units": [5, 5]}
    assert found["units"].dtype == "int64"
    assert query(folder, "from timings")["seconds"].tolist() == [1.5]


def test_two_columns_of_one_name_are_kept(folder: Path) -> None:
    assert list(query(folder, "select 1 as a, 2 as a")) == ["a", "a_2"]


def test_the_text_is_aligned(folder: Path) -> None:
    result = run(folder, 'select "case", objective_musd from cases order by objective_musd')
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "case  objective_musd",
        "=1+1              80",
        "base             100",
        "no",
    ]
    assert run(folder, "select * from flows").stdout.endswith("no rows\n")


def test_json_and_csv(folder: Path) -> None:
    sql = 'select "case", status, gap, \'nan\'::double as x from cases order by "case"'
    rows = json.loads(run(folder, sql, "--json").stdout)
    assert rows[0] == {"case": "=1+1", "status": "optimal", "gap": 0.0, "x": None}
    assert rows[2]["gap"] is None
    text = run(folder, 'select "case", gap from cases order by "case"', "--csv").stdout
    assert text == "case,gap\n'=1+1,0.0\nbase,0.0\nno,\n"
    assert run(folder, sql, "--csv", "--json").exit_code == 2


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from casse", "Tables: cases, levers, changes, openings"),
        ("select nope from cases", "Columns of cases: case, group, key, status, objective_musd"),
        ("select case from cases", 'Write "case" in double quotes'),
        ("selec 1", "syntax error"),
        ("select x", "Tables: cases"),
        ("select sum(status) from cases", "Columns of cases"),
        ("", "give one SELECT"),
        ("select 1; select 2", "give one SELECT"),
        ("drop view cases", "give one SELECT"),
        ("create table x as select 1", "give one SELECT"),
        ("insert into cases values (1)", "give one SELECT"),
        ("set memory_limit = '1GB'", "give one SELECT"),
    ],
)
def test_what_cannot_be_answered_is_bad_input(folder: Path, sql: str, said: str) -> None:
    result = run(folder, sql)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('{}')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_parquet('{}')",
        "select * from glob('/etc/*')",
        "select * from query('copy (select 1) to ''{}''')",
        "copy cases to '{}'",
        "copy (select 1) to '{}' (use_tmp_file false)",
        "export database '{}'",
        "attach '{}'",
        "install httpfs",
        "load httpfs",
        "select * from read_csv('https://example.com/x.csv')",
        "set enable_external_access = true",
        "with x as (select * from read_blob('{}')) select * from x",
    ],
)
def test_no_other_file_is_read_or_written(folder: Path, sql: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    before = sorted(folder.iterdir())
    for file in (secret, tmp_path / "new", folder / "results" / "cases.parquet"):
        with pytest.raises(QueryError):
            query(folder, sql.replace("{}", str(file).replace("'", "''")))
    assert list(tmp_path.iterdir()) == [secret]
    assert secret.read_text() == "a\n1\n"
    assert sorted(folder.iterdir()) == before


def test_variables_of_the_program_are_no_tables(folder: Path) -> None:
    secret = pd.DataFrame({"x": [1]})
    with pytest.raises(QueryError, match="secret does not exist"):
        query(folder, "select * from secret")
    assert len(secret) == 1


def test_no_study_is_bad_input(tmp_path: Path) -> None:
    result = run(tmp_path, "select 1")
    assert result.exit_code == 2
    assert "holds no study" in result.stderr


def test_long_answers_are_not_cut_silently(folder: Path) -> None:
    result = run(folder, "select * from range(1500)")
    assert result.stdout.endswith("and 500 more rows; --csv and --json give all of them\n")
    assert len(run(folder, "select * from range(1500)", "--csv").stdout.splitlines()) == 1501
