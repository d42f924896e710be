"""`buildplan study check` and the schema of study files."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from optimizer.cli import cli
from optimizer.instance_io import yaml12
from optimizer.schema import study_schema, study_schema_text
from tests.study.definition.conftest import BASE, ROOT

jsonschema = pytest.importorskip("jsonschema")

STUDIES = sorted((ROOT / "instances" / "studies").glob("*.yaml"))

Check = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    def call(text: str, *options: str) -> Result:
        file = tmp_path / "study.yaml"
        file.write_text(f"name: t\ninstance: {BASE}\n{text}", encoding="utf-8")
        return CliRunner().invoke(cli, ["study", "check", str(file), *options])

    return call


SMALL = """
cases:
  same: {changes: {sites.nairobi.hall_block_mw: 2}}
  other: {changes: {sites.nairobi.hall_block_mw: 4, demand.scale: 0.8, regions.kenya.lat: -1.25}}
"""


def test_it_lists_what_differs_from_the_base(check: Check) -> None:
    result = check(SMALL)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "t",
        "",
        "base: 1 case",
        "  base  as it is",
        "",
        "cases: 2 cases",
        "  same   sites.nairobi.hall_block_mw 2 → 2",
        "  other  sites.nairobi.hall_block_mw 2 → 4, demand.scale 0.8, "
        "regions.kenya.lat -1.3 → -1.25",
        "",
        "3 cases in all; 1 is the same instance as another and is solved with it",
    ]
    assert result.stderr == ""


def test_large_groups_are_cut_short(check: Check) -> None:
    text = "sample: {size: 41, levers: {demand.scale: {distribution: uniform, min: 1, max: 2}}}\n"

    short, full = check(text), check(text, "--all")

    assert "sample: 41 cases" in short.stdout
    assert "  … and 31 more; --all lists them" in short.stdout
    assert "sample/011" not in short.stdout
    assert "sample/041" in full.stdout
    assert full.stdout.splitlines()[-1] == "42 cases in all"


def test_json(check: Check) -> None:
    result = check(SMALL, "--json", "--quiet")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["name"]) == (0, "t")
    assert told["counts"] == {"base": 1, "cases": 2, "all": 3, "distinct": 2}
    assert told["cases"][1] == {
        "name": "same",
        "group": "cases",
        "changes": {"sites.nairobi.hall_block_mw": 2},
        "levers": {},
    }


def test_a_broken_study_is_bad_input(check: Check) -> None:
    result = check("cases:\n  a: {changes: {sites.olso.lat: 5}}\n")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "study.yaml: 1 problem\n  4:" in result.stderr
    assert "Did you mean 'sites.oslo.lat'? In case 'a'." in result.stderr


def test_an_instance_is_no_study_and_a_study_no_instance() -> None:
    study, instance = ROOT / "instances" / "studies" / "southgate.yaml", BASE
    for words, said in (
        (
            ["study", "check", instance],
            "is an instance, not a study: solve it with `buildplan solve",
        ),
        (
            ["check", study],
            f"is a study, not an instance: run it with `buildplan study run {study}",
        ),
    ):
        result = CliRunner().invoke(cli, [str(word) for word in words])
        assert result.exit_code == 2
        assert said in result.stderr
        assert ": 1 problem" in result.stderr


def test_a_setting_that_is_no_number_is_one_problem(check: Check) -> None:
    result = check("sweep: {demand.scale: [1, .nan]}\n")
    assert "must be a finite number" in result.stderr
    assert "second time" not in result.stderr


def test_a_broken_study_in_json(check: Check) -> None:
    result = check("swep: 5\n", "--json")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["status"]) == (2, "invalid")
    assert (told["problems"][0]["line"], told["problems"][0]["path"]) == (3, "swep")


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_the_shipped_studies_are_valid(file: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(study_schema())
    data = yaml12.read(file.read_text(encoding="utf-8")).data
    validator = jsonschema.Draft202012Validator(study_schema())

    assert [one.message for one in validator.iter_errors(data)] == []
    assert CliRunner().invoke(cli, ["study", "check", str(file)]).exit_code == 0


def test_the_shipped_schema_is_current() -> None:
    """`buildplan schema --study > instances/study.schema.json` renews it."""
    shipped = (ROOT / "instances" / "study.schema.json").read_text(encoding="utf-8")

    assert shipped == study_schema_text()
    assert CliRunner().invoke(cli, ["schema", "--study"]).stdout == shipped


def test_every_field_of_a_study_has_a_description() -> None:
    schema = study_schema()
    for name, record in {**schema["$defs"], "study": schema}.items():
        for field, what in record["properties"].items():
            assert what.get("description"), f"{name}.{field}"


@pytest.mark.parametrize(
    "text",
    [
        "swep: {}",
        "sweep: {demand.scale: []}",
        "sample: {levers: {}}",
        "tornado: {demand.scale: [1, 2, 3]}",
        "cases: {a: {chnges: {}}}",
        "sample: {size: 2, levers: {demand.scale: {distribution: normal, mean: 1}}}",
        "morris: {trajectories: 2, levels: 3, levers: {demand.scale: {min: 1, max: 2}}}",
    ],
)
def test_the_schema_finds_what_the_reader_would(text: str) -> None:
    data = yaml12.read(f"name: t\ninstance: x\n{text}\n").data

    assert list(jsonschema.Draft202012Validator(study_schema()).iter_errors(data))


def test_reading_a_study_without_draws_needs_no_heavy_imports() -> None:
    code = (
        "import sys, optimizer.study.reading, optimizer.schema\n"
        "print([name for name in ('pandas', 'pyomo', 'highspy', 'numpy', 'scipy') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
