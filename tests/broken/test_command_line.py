"""The same broken instances on the command line: exit code 2, the line named, no traceback."""

from pathlib import Path

import pytest
from broken_cases import CASES, FILES, Case
from click.testing import CliRunner

from optimizer.cli import cli


def refused(file: Path, verb: str, line: int, says: str) -> None:
    result = CliRunner().invoke(cli, [verb, str(file)])

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    here = [text for text in result.stderr.splitlines() if says in text]
    assert here, result.stderr
    assert here[0].strip().startswith(f"{line}:"), result.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_broken_by_one_change(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "instance.yaml"
    file.write_text(case.text(), encoding="utf-8")
    refused(file, "check", case.line(), case.says)


@pytest.mark.parametrize(("name", "data", "line", "says"), FILES, ids=[one[0] for one in FILES])
def test_no_instance_at_all(name: str, data: bytes, line: int, says: str, tmp_path: Path) -> None:
    file = tmp_path / "instance.yaml"
    file.write_bytes(data)
    refused(file, "solve", line, says)
