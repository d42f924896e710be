"""`buildplan check --deep`: proofs that there is no plan, with their places."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from tests.screening.test_screening import HARD
from tests.small import merged, tiny

Run = Callable[..., Result]


def test_the_command_line_names_file_and_line_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    raw = json.loads(tiny().model_dump_json())
    file = tmp_path / "instance.yaml"
    hard = merged(raw, {"workloads": HARD})
    file.write_text(json.dumps(hard, indent=1), encoding="utf-8")
    assert run("check", file, "--deep").exit_code == 0
    ended = run("check", file, "--deep", "--set", "demand.scale=2.6")
    assert ended.exit_code == 1
    assert "No plan exists; this is proved" in ended.stdout
    assert "at least 30.0 of 130 Mtok/s" in ended.stdout
    ended = run("check", file, "--deep", "--set", "demand.scale=2.6", "--json")
    screening = json.loads(ended.stdout)["screening"]
    assert ended.exit_code == 1
    assert screening["proves_no_plan"] is True
    assert screening["findings"][0]["path"] == "demand.0"
    plain = run("check", file, "--json")
    assert "screening" not in json.loads(plain.stdout)
