"""Broken studies: each is refused, on the right line, in plain words, once per mistake."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from models.problems import InstanceError, Problem
from optimizer.study.reading import read_study
from tests.study.definition.conftest import BASE, ROOT


class Broken(NamedTuple):
    """A study after its head; the line marked '# here' is to blame, and `count` problems come."""

    name: str
    count: int
    says: str
    text: str


def zoo() -> list[Broken]:
    """The studies of broken.txt: '== name (count): what is said', then the study."""
    written = (Path(__file__).parent / "broken.txt").read_text(encoding="utf-8")
    parts = re.findall(r"^== ([\w-]+)(?: \((\d+)\))?: (.*)\n((?:(?!== ).*\n)+)", written, re.M)
    return [Broken(name, int(count or 1), says, text) for name, count, says, text in parts]


def refusal(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(InstanceError) as caught:
        read_study(file)
    return caught.value.problems


def test_there_are_many() -> None:
    names = [broken.name for broken in zoo()]
    assert len(set(names)) == len(names) >= 50


@pytest.mark.parametrize("broken", zoo(), ids=lambda one: one.name)
def test_broken_studies(broken: Broken, tmp_path: Path) -> None:
    text = f"name: t\ninstance: {BASE}\n{broken.text}"
    file = study(tmp_path, text)

    found = refusal(file)

    told = [str(one) for one in found]
    here = [one for one in found if broken.says in str(one)]
    assert here, told
    assert all(one.file == str(file) and one.column >= 1 for one in found), told
    assert text.splitlines()[here[0].line - 1].endswith("# here"), told
    assert len(found) == broken.count, told
    assert all("\n" not in one and "[list]" not in one for one in told)


def study(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "study.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("instance: x\n", 1, "name: is missing: Name of the study"),
        ("name: t\n", 1, "instance: is missing: The base instance"),
        ("name: t\ninstance: nowhere\n", 2, "no such file"),
        ("name: t\ninstance: studdy.yaml\n", 2, "Did you mean 'study.yaml'?"),
        ("name: t\ninstance: '-'\n", 2, "must be a file or a folder, not '-'"),
        ("name: t\ninstance: .\n", 2, "instance.yaml: no such file"),
        ("- a\n", 1, "must be a table of fields"),
        ("name: t\ninstance: BASE\nbase: false\n", 1, "asks for no case"),
        ("", 1, "is empty"),
        ("name: [\n", 2, "is not valid YAML"),
    ],
)
def test_no_study_or_no_instance(tmp_path: Path, text: str, line: int, says: str) -> None:
    file = study(tmp_path, text.replace("BASE", str(BASE)))

    found = refusal(file)

    here = [one for one in found if says in str(one)]
    assert here, found
    assert (here[0].file, here[0].line) == (str(file), line)


def test_a_missing_study_is_a_problem(tmp_path: Path) -> None:
    assert "no such file" in str(refusal(tmp_path / "none.yaml")[0])


def test_problems_of_the_base_stand_in_its_own_files(tmp_path: Path) -> None:
    instance = tmp_path / "instance.yaml"
    text = BASE.read_text(encoding="utf-8").replace("it_mw: 0.5", "it_mw: 0")
    instance.write_text(text, encoding="utf-8")
    file = study(tmp_path, "name: t\ninstance: .\nsolve: {gpa: 1}\n")

    found = refusal(file)

    line = text[: text.index("it_mw: 0\n")].count("\n") + 1
    assert [(one.file, one.line) for one in found] == [(str(file), 3), (str(instance), line)]


def test_one_change_with_many_faults_is_one_problem(tmp_path: Path) -> None:
    """440 rows of demand become negative; that is said once."""
    instance = ROOT / "instances" / "southgate"
    case = "cases: {a: {changes: {demand.scale: -1}}}"
    file = study(tmp_path, f"name: t\ninstance: {instance}\n{case}\n")

    (found,) = refusal(file)

    assert "439 more problems come from the same change. In case 'a'." in found.message


def test_aliases_are_followed(tmp_path: Path) -> None:
    text = f"name: t\ninstance: {BASE}\ncases:\n  a: {{changes: &x {{demand.scale: 2}}}}\n"
    file = study(tmp_path, f"{text}  b:\n    changes: *x\n")

    assert dict(read_study(file).cases[2].changes) == {"demand.scale": 2}


def test_a_long_chain_of_cases_ends(tmp_path: Path) -> None:
    chain = "".join(f"  c{i}: {{extends: c{i + 1}}}\n" for i in range(3000))
    file = study(tmp_path, f"name: t\ninstance: {BASE}\ncases:\n{chain}  c3000: {{}}\n")

    assert all("more than 100 cases in a row" in one.message for one in refusal(file))
