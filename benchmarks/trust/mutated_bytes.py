"""Instances with bytes changed, in their own file and in their tables, are read or refused."""

from pathlib import Path
from random import Random

from benchmarks.trust.corpus import copied, texts
from benchmarks.trust.hostile import changed_bytes
from benchmarks.trust.part import Outcome
from benchmarks.trust.verbs import checked


def attempt(seed: int, folder: Path) -> Outcome:
    """Read an instance with changed bytes."""
    dice = Random(f"bytes {seed}")
    inst = copied(dice, folder)
    files = texts(inst)
    for file in {files[0] if dice.random() < 0.5 else dice.choice(files), dice.choice(files)}:
        file.write_bytes(changed_bytes(dice, file.read_bytes()))
    outcome = checked(inst)
    if Path("owned").exists():
        return Outcome("code was run", bad=True, words=files[0].read_text(errors="replace"))
    return outcome
