"""Plans on disk, changed: refused, or what holds is still true.

Half of the time the certificate is made to fit the changed files, so that what reads them further
on is met too.
"""

import json
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.trust.corpus import INSTANCES
from benchmarks.trust.hostile import VALUES, changed_bytes, changed_values
from benchmarks.trust.part import Outcome
from benchmarks.trust.verbs import judged, ran

NAMES = ("tiny", "uncertain-demand", "soft-limits")
ALLOWED = {"verify": (0, 2, 5), "compare": (0, 2), "report": (0, 2), "values": (0, 2, 3)}
CELLS: list[Any] = [*(np.nan, np.inf, -1.0, 0.0, 1e300, "x", "", None, True, "=1+1", "2027")]


def attempt(seed: int, folder: Path) -> Outcome:
    """Change one or two files of a plan, and have it verified, compared and reported."""
    from optimizer.certificate.files import FILE

    dice = Random(f"plans {seed}")
    inst = INSTANCES / dice.choice(NAMES)
    whole = _solved(inst)
    plan = Path(shutil.copytree(whole, folder / "plan"))
    files = sorted(file for file in plan.rglob("*") if file.is_file())
    for _ in range(dice.choice([1, 1, 2])):
        _change(dice, dice.choice([*files, *[plan / "plan.json", plan / FILE] * 5]))
    fits = dice.random() < 0.5
    if fits:
        _seal(plan)
    asked = {
        "verify": (inst, plan, *(["--bound"] if dice.random() < 0.5 else [])),
        "compare": (whole, plan) if dice.random() < 0.5 else (plan, whole),
        "report": (plan, "--out", folder / "page.html"),
    }
    verb = dice.choice(list(asked))
    as_json = dice.random() < 0.5
    code, out, err = ran(verb, *asked[verb], *(["--json"] if as_json else []))
    outcome = judged(code, out, err, ALLOWED[verb], json_out=as_json)
    if outcome.kind == "accepted" and not fits and (spoilt := _differing(plan, whole)):
        return Outcome("unnoticed", bad=True, words=f"{verb}: {spoilt}")
    return outcome if outcome.bad else Outcome(f"{verb}: {outcome.kind}")


def _differing(plan: Path, whole: Path) -> list[str]:
    """The certified files of a plan that are there and not as they were."""
    from optimizer.certificate.files import FILE

    names = [file.relative_to(whole) for file in whole.rglob("*") if file.is_file()]
    return [
        str(name)
        for name in names
        if name.name != FILE
        and (plan / name).is_file()
        and (plan / name).read_bytes() != (whole / name).read_bytes()
    ]


@cache
def _solved(inst: Path) -> Path:
    """The folder of a plan of an instance; kept while this process lives."""
    from optimizer import read_instance, solve

    place = Path(tempfile.mkdtemp(prefix="buildplan-trust-plans-"))
    return solve(read_instance(inst)).save(place / "plan")


def _change(dice: Random, file: Path) -> None:
    """Bytes, values or cells of a file; or the file is gone, empty, a folder, a link."""
    how = dice.random()
    if how < 0.12 or not file.is_file():
        _replace(dice, file)
    elif file.suffix == ".json" and how < 0.7:
        with suppress(ValueError):
            tree = json.loads(file.read_text(encoding="utf-8"))
            text = json.dumps(changed_values(dice, tree))
            file.write_text(text, encoding="utf-8", errors="surrogatepass")
    elif file.suffix == ".parquet" and how < 0.8:
        _change_table(dice, file)
    else:
        file.write_bytes(changed_bytes(dice, file.read_bytes()))


def _replace(dice: Random, file: Path) -> None:
    if not file.exists():
        return
    if file.is_file():
        file.unlink()
    how = dice.randrange(4)
    if how == 0 and not file.is_dir():
        file.write_bytes(b"")
    elif how == 1:
        file.mkdir(exist_ok=True)
    elif how == 2 and not file.is_dir():
        file.symlink_to("/etc/hostname")


def _change_table(dice: Random, file: Path) -> None:
    try:
        frame = pd.read_parquet(file)
    except (OSError, ValueError):
        return
    column = dice.choice(list(frame.columns))
    how = dice.random()
    if how < 0.4 and len(frame):
        cell = dice.choice(CELLS)
        kind = type(cell)
        texts = frame[column].astype(object)
        texts.iloc[dice.randrange(len(frame))] = cell
        frame[column] = texts if kind is not str else texts.map(str)
    elif how < 0.55:
        frame = frame.drop(columns=column)
    elif how < 0.65:
        frame = frame.rename(columns={column: dice.choice(["x", "", "site"])})
    elif how < 0.8:
        frame = pd.concat([frame, frame.sample(frac=0.5, random_state=1)])
    elif how < 0.9:
        frame[column] = dice.choice([v for v in VALUES if isinstance(v, str | float)])
    else:
        frame = frame.iloc[:0]
    with suppress(ValueError, TypeError, OverflowError):
        frame.to_parquet(file, index=False)


def _seal(plan: Path) -> None:
    """Make the certificate fit the files, as somebody who knows how might."""
    from optimizer.certificate.files import FILE, SEAL, file_hashes, sealed

    try:
        told = json.loads((plan / FILE).read_text(encoding="utf-8"))
        hashes = file_hashes(plan)
    except (OSError, ValueError):
        return
    if isinstance(told, dict):
        told.pop(SEAL, None)
        content = sealed({**told, "files": hashes})
        (plan / FILE).write_text(json.dumps(content), encoding="utf-8")
