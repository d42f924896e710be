"""The same instance, options and versions give the same tables, byte for byte."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

INSTANCES = Path(__file__).parents[2] / "instances"
LARGE = {"six-continents", "studies"}
SHIPPED = sorted(file.parent.name for file in INSTANCES.glob("*/instance.yaml"))


def solved(name: str, out: Path, hash_seed: int) -> dict[str, bytes]:
    """The tables of an instance, solved in a process that orders its sets in its own way."""
    words = [str(INSTANCES / name), "--out", str(out), "--threads", "1", "--quiet", "--json"]
    subprocess.run(
        [sys.executable, "-m", "optimizer", "solve", *words],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
    )
    files = [*out.glob("tables/*"), out / "instance.json", *out.glob("duals.parquet")]
    return {file.name: file.read_bytes() for file in files}


@pytest.mark.parametrize(
    "name",
    [
        one if one == "sovereignty" else pytest.param(one, marks=pytest.mark.slow)
        for one in SHIPPED
        if one not in LARGE
    ],
)
def test_a_plan_is_the_same_to_the_last_byte(name: str, tmp_path: Path) -> None:
    first, again = (solved(name, tmp_path / str(seed), seed) for seed in (1, 2))
    assert first.keys() == again.keys()
    assert len(first) > 70
    assert [file for file in first if first[file] != again[file]] == []
