"""The same by the command line itself: hostile files of all kinds, in a process of its own."""

import json
from pathlib import Path
from random import Random

from benchmarks.trust.corpus import copied, texts
from benchmarks.trust.hostile import BYTES, VALUES, changed_bytes
from benchmarks.trust.mutated_values import changed
from benchmarks.trust.part import Outcome
from benchmarks.trust.runs import Run
from benchmarks.trust.verbs import judged

OPTIONS = ("--gap", "--time-limit", "--threads", "--seed", "--set", "--out", "--method", "--family")


def attempt(seed: int, folder: Path) -> Outcome:
    """Run a verb on a hostile instance, or with hostile options."""
    dice = Random(f"commands {seed}")
    inst = folder / "inst"
    inst.mkdir()
    if dice.random() < 0.5:
        file = dice.choice(texts(copied(dice, inst, large=False)))
        file.write_bytes(changed_bytes(dice, file.read_bytes()))
    else:
        changed(dice, inst, large=False)
    verb = dice.choice(["check", "check", "solve", "solve", "solve", "explain"])
    words: list[object] = [verb, inst, "--quiet"]
    if verb == "solve":
        words += ["--time-limit", 5, "--out", folder / "plan"]
    if dice.random() < 0.3:
        words += [dice.choice(OPTIONS), _text(dice)]
    as_json = dice.random() < 0.5
    code, out, err = Run(folder, *words, *(["--json"] if as_json else [])).ended()
    outcome = judged(code, out, err, (0, 1, 2, 3, 4), json_out=as_json)
    return outcome if outcome.bad else Outcome(f"{verb}: {outcome.kind}")


def _text(dice: Random) -> str:
    if dice.random() < 0.5:
        return dice.choice(BYTES).decode(errors="replace").replace("\0", "")
    value = dice.choice(VALUES)
    return value if isinstance(value, str) else json.dumps(value)
