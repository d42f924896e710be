"""Bytes chosen by what they reach in the reader: fuzzing guided by coverage, by atheris.

One seed is a run of some thousand inputs, from the shipped instances and those that earlier seeds
kept because they reached something new. Without atheris nothing is tried.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from benchmarks.trust.corpus import BASE, small
from benchmarks.trust.part import Outcome

INPUTS = 2_000
"""Inputs of one seed."""

LIMITS = ("-timeout=10", "-rss_limit_mb=2048", "-max_len=20000")
"""No input may take longer [s], or more memory [MB]; larger ones are not made [bytes]."""


def attempt(seed: int, folder: Path) -> Outcome:
    """Try some thousand inputs, and look whether one was a crash, slow, or too large."""
    if find_spec("atheris") is None:
        return Outcome("atheris is not installed")
    command = [
        *(sys.executable, "-m", "benchmarks.trust.guided_target", _corpus(), *LIMITS),
        *(f"-runs={INPUTS}", f"-seed={seed + 1}", f"-artifact_prefix={folder}/"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode == 0 and re.search(rf"Done {INPUTS} runs", done.stderr):
        return Outcome(f"{INPUTS:,} inputs each")
    kept = [file.read_bytes()[:2000] for file in folder.iterdir()]
    words = f"exit code {done.returncode}\n{done.stderr[-1500:]}\n{kept}"
    return Outcome("crash", bad=True, words=words)


@cache
def _corpus() -> str:
    """A folder of inputs to begin with, to which others are added; kept while this process lives.

    Tables stand elsewhere: here the instance's own file is read.
    """
    place = Path(tempfile.mkdtemp(prefix="buildplan-trust-corpus-"))
    for number, file in enumerate([BASE, *(inst / "instance.yaml" for inst in small())]):
        shutil.copy(file, place / f"{number:02}")
    return str(place)
