"""Changed instances that can still be read are solved: a plan that is checked, or words."""

from pathlib import Path
from random import Random

from benchmarks.trust.mutated_values import changed
from benchmarks.trust.part import Outcome
from benchmarks.trust.verbs import judged, ran

TRIES = 60
"""After so many changed instances that are refused, no further one is made."""


def attempt(seed: int, folder: Path) -> Outcome:
    """Solve the first of some changed instances that is valid."""
    dice = Random(f"solves {seed}")
    for number in range(TRIES):
        place = folder / str(number)
        place.mkdir()
        changed(dice, place, large=False)
        if ran("check", place, "--json", "--quiet")[0] == 0:
            words = (place, "--out", folder / "plan", "--time-limit", 20, "--gap", 0.05)
            code, out, err = ran("solve", *words, "--json", "--quiet")
            return judged(code, out, err, (0, 1, 3, 4), json_out=True)
    return Outcome("none valid")
