"""Nothing is run that stands in a file, nothing leads out of a folder, no cell is a formula."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from optimizer import InstanceError, PlanError, read_instance, read_plan, read_study, report, verify
from optimizer.cli import cli
from tests.small import tiny

ROOT = Path(__file__).parents[2]
TINY = ROOT / "instances" / "tiny"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("kept") / "plan"
    assert CliRunner().invoke(cli, ["solve", str(TINY), "--out", str(place)]).exit_code == 0
    return place


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "plan"))


TAGS = [
    "!!python/object/apply:os.system ['touch {0}']",
    "!!python/object/new:os.system ['touch {0}']",
    "!!python/name:os.system",
    "!!python/module:os",
]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("what", ["instance", "study", "set"])
def test_no_tag_runs_anything(tag: str, what: str, tmp_path: Path) -> None:
    mark = tmp_path / "owned"
    text = tag.format(mark)
    if what == "set":
        done = CliRunner().invoke(cli, ["check", str(TINY), "--set", f"name={text}"])
        assert done.exit_code == 2
    else:
        file = tmp_path / "file.yaml"
        file.write_text(f"name: {text}\ninstance: {TINY}\n", encoding="utf-8")
        with pytest.raises(InstanceError, match="tag"):
            read_instance(file) if what == "instance" else read_study(file)
    assert not mark.exists()


def test_a_study_whose_instance_is_elsewhere_is_named_by_its_own_path(tmp_path: Path) -> None:
    """A study may name any instance: it is the planner's own file, and is only read."""
    file = tmp_path / "study.yaml"
    file.write_text(f"name: t\ninstance: {TINY}\nsweep: {{demand.scale: [1]}}\n", encoding="utf-8")
    assert read_study(file).base.name == read_instance(TINY).name


@pytest.mark.parametrize(
    "name", ["plan.json", "tables/orders.parquet", "certificate.json", "x.csv"]
)
def test_links_out_of_a_plan_are_refused(name: str, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes((folder / name).read_bytes() if (folder / name).exists() else b"x")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(outside)
    for read in (read_plan, lambda place: verify(read_instance(TINY), place)):
        with pytest.raises(PlanError, match="links to outside"):
            read(folder)


def test_a_table_that_is_a_pickle_is_refused(folder: Path) -> None:
    pd.DataFrame({"site": ["oslo"]}).to_pickle(folder / "tables" / "orders.parquet")
    with pytest.raises(PlanError):
        read_plan(folder)
    assert not verify(read_instance(TINY), folder).passed


@pytest.mark.parametrize("name", ["../escape", "a/b", "/etc/x", "..", "con\0", "x" * 500])
def test_names_of_cases_are_never_paths(name: str, tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    escaped = name.replace("\0", "\\0")
    file.write_text(
        f'name: t\ninstance: {TINY}\ncases: {{"{escaped}": {{changes: {{demand.scale: 1}}}}}}\n',
        encoding="utf-8",
    )
    out = tmp_path / "in" / "out"
    CliRunner().invoke(cli, ["study", "run", str(file), "--out", str(out), "--quiet"])
    there = {path.name for path in tmp_path.iterdir()}
    assert there <= {"study.yaml", "in"}
    assert {path.name for path in (tmp_path / "in").glob("*")} <= {"out"}


def test_a_name_of_a_plan_is_escaped_in_its_page(folder: Path, tmp_path: Path) -> None:
    name = "<script>alert(1)</script>"
    plan = read_plan(folder)
    from dataclasses import replace

    page = report(replace(plan, name=name), tmp_path / "page.html")
    assert name not in page.read_text(encoding="utf-8")


def test_a_formula_for_a_name_is_only_text(tmp_path: Path) -> None:
    from optimizer.plan.store import harmless

    for start in "=+-@\t\r":
        (cell,) = harmless(pd.DataFrame({"site": [f"{start}cmd"]}))["site"]
        assert cell == f"'{start}cmd"
    with pytest.raises(ValueError, match="pattern"):
        tiny(sites={"=cmd": tiny().sites["oslo"].model_dump()})
