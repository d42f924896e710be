"""Over a hundred broken instances: each is refused, on the right line, in plain words."""

from pathlib import Path

import pytest
from broken_cases import BASE, CASES, FILES, Case

from models.problems import InstanceError
from optimizer.instance_io import read_instance


def refusal(file: Path) -> InstanceError:
    with pytest.raises(InstanceError) as caught:
        read_instance(file)
    return caught.value


def check(file: Path, line: int, says: str) -> None:
    """The file is refused, with what is wrong on the line where it is."""
    problems = refusal(file).problems
    found = [str(problem) for problem in problems]
    here = [problem for problem in problems if says in str(problem)]
    assert here, f"expected '{says}' in {found}"
    assert all(problem.file == str(file) for problem in problems)
    assert here[0].line == line, found
    assert here[0].column >= 1
    assert all("\n" not in text for text in found)


def test_there_are_a_hundred() -> None:
    names = [case.name for case in CASES] + [name for name, *_ in FILES]
    assert len(set(names)) == len(names) >= 100


def test_the_base_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "instance.yaml"
    file.write_text(BASE, encoding="utf-8")
    assert read_instance(file).name == "Base"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_broken_by_one_change(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "instance.yaml"
    file.write_text(case.text(), encoding="utf-8")
    check(file, case.line(), case.says)


@pytest.mark.parametrize(("name", "data", "line", "says"), FILES, ids=[one[0] for one in FILES])
def test_no_instance_at_all(name: str, data: bytes, line: int, says: str, tmp_path: Path) -> None:
    file = tmp_path / "instance.yaml"
    file.write_bytes(data)
    check(file, line, says)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_mistake_gives_few_messages(case: Case, tmp_path: Path) -> None:
    """Nothing is said about what only follows from the mistake."""
    file = tmp_path / "instance.yaml"
    file.write_text(case.text(), encoding="utf-8")
    assert len(refusal(file).problems) <= 3
