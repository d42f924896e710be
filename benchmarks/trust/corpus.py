"""What is changed at random: the instances that are shipped, and those of the tests."""

import shutil
from functools import cache
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
INSTANCES = ROOT / "instances"
BASE = ROOT / "tests" / "broken" / "base.yaml"
LARGE = "six-continents"
RARE = 0.005
"""How often the large instance is taken, which takes a second to read [ratio]."""


@cache
def small() -> list[Path]:
    """The folders of the shipped instances but the large one."""
    found = [file.parent for file in INSTANCES.glob("*/instance.yaml")]
    return sorted(folder for folder in found if folder.name != LARGE)


def copied(dice: Random, folder: Path, *, large: bool = True) -> Path:
    """A copy of one of the instances, in its folder."""
    if dice.random() < 0.1:
        shutil.copy(BASE, folder / "instance.yaml")
        return folder
    source = INSTANCES / LARGE if large and dice.random() < RARE else dice.choice(small())
    for file in source.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    return folder


def texts(folder: Path) -> list[Path]:
    """The files of an instance, its own one first."""
    own = folder / "instance.yaml"
    return [own, *sorted(file for file in folder.glob("*.csv"))]
