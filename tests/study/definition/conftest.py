"""Studies of a small instance, written and read in a folder of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from optimizer.study.case import Study
from optimizer.study.reading import read_study

ROOT = Path(__file__).parents[3]
BASE = ROOT / "tests" / "broken" / "base.yaml"

Read = Callable[[str], Study]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a study of the small instance, given what follows its name."""

    def call(text: str) -> Study:
        file = tmp_path / "study.yaml"
        file.write_text(f"name: t\ninstance: {BASE}\n{text}", encoding="utf-8")
        return read_study(file)

    return call


def changes(study: Study) -> dict[str, dict[str, object]]:
    """The changes of each case by name."""
    return {case.name: dict(case.changes) for case in study.cases}
