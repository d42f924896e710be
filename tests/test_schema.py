"""The JSON Schema and the starter instance."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.checks import find_warnings
from optimizer.init import SCHEMA_FILE, write_starter
from optimizer.instance_io import read_instance, yaml12
from optimizer.schema import json_schema, schema_text

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).parents[1]
BASE = ROOT / "tests" / "broken" / "base.yaml"
INSTANCES = [BASE, *sorted(ROOT.glob("instances/*/instance.yaml"))]


def complaints(data: object) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema())
    return [f"{list(one.absolute_path)} {one.message}" for one in validator.iter_errors(data)]


def test_the_schema_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_the_shipped_copy_is_current() -> None:
    """`buildplan schema > instances/instance.schema.json` renews it."""
    shipped = (ROOT / "instances" / SCHEMA_FILE).read_text(encoding="utf-8")
    assert shipped == schema_text()


@pytest.mark.parametrize("file", INSTANCES, ids=lambda file: file.parent.name)
def test_instances_fit_the_schema(file: Path) -> None:
    assert complaints(yaml12.read(file.read_text(encoding="utf-8")).data) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("it_mw: 0.5", "it_mv: 0.5"),
        ("it_mw: 0.5", "it_mw: 0"),
        ("pue: {air: 1.35}", "pue: {air: 0.9}"),
        ("pue: {air: 1.35}", "pue: {}"),
        ("  east:", "  ea.st:"),
        ("count: 4", "count: 0"),
        ("cities:\n", "cities: cities.txt\n#"),
        ("opened: true", "opened: perhaps"),
    ],
)
def test_the_schema_finds_what_the_reader_would(old: str, new: str) -> None:
    text = BASE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    lines = text.replace(old, new)
    if "cities.txt" in new:
        lines = text[: text.index("cities:")] + "cities: cities.txt\n"
    assert complaints(yaml12.read(lines).data)


def test_every_field_has_a_description() -> None:
    schema = json_schema()
    for name, record in schema["$defs"].items():
        for field, what in record["properties"].items():
            assert what.get("description"), f"{name}.{field}"


def test_the_starter_is_valid_without_warnings(tmp_path: Path) -> None:
    files = write_starter(tmp_path / "new" / "plan")

    inst = read_instance(tmp_path / "new" / "plan")

    assert find_warnings(inst) == []
    assert sorted(file.name for file in files) == sorted(
        ["instance.yaml", "sites.csv", "demand.csv", SCHEMA_FILE]
    )
    first = (
        (tmp_path / "new" / "plan" / "instance.yaml").read_text(encoding="utf-8").splitlines()[0]
    )
    assert first == f"# yaml-language-server: $schema={SCHEMA_FILE}"
    schema = json.loads((tmp_path / "new" / "plan" / SCHEMA_FILE).read_text(encoding="utf-8"))
    assert schema == json_schema()


def test_the_starter_goes_into_an_empty_folder_only(tmp_path: Path) -> None:
    write_starter(tmp_path)
    before = sorted(tmp_path.iterdir())

    with pytest.raises(FileExistsError, match="is not empty; name a new folder"):
        write_starter(tmp_path)
    with pytest.raises(FileExistsError, match="is a file"):
        write_starter(tmp_path / "sites.csv")

    assert sorted(tmp_path.iterdir()) == before


def test_a_starter_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="disk full"):
        write_starter(tmp_path / "new")
    with pytest.raises(OSError, match="disk full"):
        write_starter(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_reading_needs_no_heavy_imports() -> None:
    code = (
        "import sys, optimizer.instance_io, optimizer.schema, optimizer.init\n"
        "print([name for name in ('pandas', 'pyomo', 'highspy', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          cwd=ROOT)  # fmt: skip
    assert done.stdout.strip() == "[]"
