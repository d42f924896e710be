"""Changes as `--set` gives them, to values that are there and to others, are made or refused."""

from pathlib import Path
from random import Random
from typing import Any

from benchmarks.trust.corpus import small
from benchmarks.trust.hostile import BYTES, VALUES
from benchmarks.trust.part import Outcome
from benchmarks.trust.verbs import checked

WORDS = [
    *(
        "scale",
        "add",
        "remove",
        "*",
        "",
        "x",
        "..",
        "0",
        "-1",
        "min",
        "max",
        "2027-01-01",
        "demand",
    ),
    *("mtok_s", "grid_mw", "capex_musd", "name", "solve", "gap", "é", "a" * 500, "__class__"),
]


def attempt(seed: int, folder: Path) -> Outcome:  # noqa: ARG001 - nothing is written
    """Check an instance with up to three random changes."""
    dice = Random(f"changes {seed}")
    inst = dice.choice(small())
    words: list[str] = []
    for _ in range(dice.choice([1, 1, 2, 3])):
        words += ["--set", f"{_path(dice, _data(inst))}={_value(dice)}"]
    return checked(inst, *words)


def _data(folder: Path) -> Any:
    from optimizer.instance_io import yaml12

    return yaml12.read((folder / "instance.yaml").read_text(encoding="utf-8")).data


def _path(dice: Random, tree: Any) -> str:
    """A path to a value, with or without something else in it."""
    steps: list[str] = []
    while isinstance(tree, dict | list) and tree and dice.random() < 0.95:
        key = dice.choice(list(tree) if isinstance(tree, dict) else range(len(tree)))
        tree = tree[key]
        steps.append(str(key) if dice.random() < 0.9 else "*")
    if dice.random() < 0.3:
        steps.append(dice.choice(WORDS))
    if steps and dice.random() < 0.15:
        steps[dice.randrange(len(steps))] = dice.choice(WORDS)
    return ".".join(steps)


def _value(dice: Random) -> str:
    how = dice.random()
    if how < 0.4:
        value = dice.choice(VALUES)
        return str(value).replace("'", '"') if isinstance(value, dict | list) else str(value)
    if how < 0.45:
        return dice.choice(BYTES).decode(errors="replace")
    return str(dice.choice([0, 0.5, 0.9, 1, 1.1, 2, 3, 12, 100, "true", 2028, "2028-01-01"]))
