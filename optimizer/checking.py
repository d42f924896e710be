"""Check a plan, in memory or in its folder, against an instance."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from models.instance import Instance
from optimizer.certificate.checking import check_certificate
from optimizer.certificate.files import refuse_links_outside
from optimizer.columns import read_frame
from optimizer.errors import PlanError
from optimizer.hashing import content_sha256, instance_sha256
from optimizer.own import OwnFamily, own_families, verify_with
from optimizer.plan.plan import Plan
from optimizer.verify import Verification, Violation
from optimizer.verify.specs import Spec
from optimizer.verify.uncertain.specs import specs_for

Tables = dict[str, pd.DataFrame]

UNREADABLE = (OSError, ValueError, TypeError, KeyError, IndexError, pa.ArrowException)
"""What reading a broken table may raise."""


@dataclass
class _Files:
    """What was read of a plan: plan.json, the tables, and what is wrong with the files."""

    claim: Mapping[str, Any]
    tables: Tables
    found: list[Violation] = field(default_factory=list)

    def note(self, family: str, message: str) -> None:
        """Note something that is wrong with a file."""
        self.found.append(Violation(family, message, 1.0))


def verify(
    inst: Instance, plan: Plan | str | Path, *, families: Sequence[object] = ()
) -> Verification:
    """Check a plan, or the files in a plan's folder, against an instance.

    Every constraint, cost and key figure is computed anew from the instance and the tables; no
    model and no solver is asked. A folder's Parquet and CSV tables must say the same, and its
    files be those that its certificate names. A plan that was made with own families is checked
    with the same ones.

    Raises PlanError if there is no plan to check: no plan.json, or one that says there is none.
    """
    if isinstance(plan, Plan):
        read = _Files(plan.summary(), dict(plan.tables))
    else:
        read = _read(Path(plan), specs_for(inst))
    claim, tables = read.claim, read.tables
    if not tables and claim.get("status") in ("infeasible", "unknown"):
        raise PlanError(f"there is no plan to check: its status is '{claim['status']}'")
    own = own_families(families)
    found = [*_wrong_instance(inst, claim), *_disowned(claim), *_unchecked(own, claim), *read.found]
    result = verify_with(own, inst, tables, claim)
    if not isinstance(plan, Plan):
        found += check_certificate(Path(plan), claim, tables, result)
    largest = {"instance": 0.0, **result.largest, "certificate": 0.0}
    for violation in found:
        largest[violation.family] = max(largest[violation.family], violation.amount)
    return Verification((*found, *result.violations), largest)


def _wrong_instance(inst: Instance, claim: Mapping[str, Any]) -> list[Violation]:
    told, here = claim.get("instance_sha256"), instance_sha256(inst)
    if told == here:
        return []
    message = (
        f"the plan was made for another instance: it gives {str(told)[:12]} as the instance's "
        f"hash, but this one's is {here[:12]}; were the same changes made (--set)?"
    )
    return [Violation("instance", message, 1.0)]


def _disowned(claim: Mapping[str, Any]) -> list[Violation]:
    if claim.get("verified") is True:
        return []
    return [Violation("status", "plan.json itself does not call the plan verified", 1.0)]


def _unchecked(own: tuple[OwnFamily, ...], claim: Mapping[str, Any]) -> list[Violation]:
    """Rules that the plan was made with, and that nobody gave to check it by."""
    options = claim.get("options")
    told = options.get("families", ()) if isinstance(options, Mapping) else ()
    given = {family.name for family in own}
    missing = [str(name) for name in told if name not in given] if isinstance(told, list) else []
    return [
        Violation("status", f"the plan was made with the family {name}; give it too", 1.0)
        for name in missing
    ]


def _read(folder: Path, specs: Mapping[str, Spec]) -> _Files:
    """Read what can be read. Raises PlanError if there is no plan.json, or links lead outside."""
    refuse_links_outside(folder)
    try:
        content = (folder / "plan.json").read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PlanError(f"{folder} holds no plan: plan.json cannot be read: {reason}") from error
    read = _Files({}, {})
    try:
        claim = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        read.note("status", f"plan.json is not JSON: {error}")
    else:
        if isinstance(claim, dict):
            read.claim = claim
        else:
            read.note("status", "plan.json is not a JSON object")
    _check_copy(folder / "instance.json", read)
    for name, spec in specs.items():
        _read_table(folder / "tables", name, spec, read)
    return read


def _check_copy(file: Path, read: _Files) -> None:
    """Note if the copy of the instance beside the plan is not the one it was made for."""
    if not file.exists():
        return
    try:
        told = content_sha256(json.loads(file.read_bytes()))
    except (OSError, ValueError, RecursionError) as error:
        read.note("instance", f"instance.json cannot be read: {error}")
    else:
        if told != read.claim.get("instance_sha256"):
            read.note("instance", "instance.json is not the instance that the plan was made for")


def _read_table(folder: Path, name: str, spec: Spec, read: _Files) -> None:
    """Read a table from both of its files; Parquet counts, and CSV must say the same.

    A folder may hold one kind only, but then all tables of it.
    """
    frames = []
    for kind, reader in (("parquet", _parquet), ("csv", _csv)):
        file = folder / f"{name}.{kind}"
        if not file.exists():
            if any(folder.glob(f"*.{kind}")):
                read.note("tables", f"{file.name} is missing")
            continue
        try:
            frames.append(reader(file, spec))
        except UNREADABLE as error:
            reason = str(error).partition("\n")[0][:200]
            read.note("tables", f"{file.name} cannot be read: {reason}")
    if frames:
        read.tables[name] = frames[0]
    if len(frames) == 2 and not _same(frames[0], frames[1], spec):
        read.note("tables", f"{name}.csv and {name}.parquet do not say the same")


def _parquet(file: Path, _: Spec) -> pd.DataFrame:
    return read_frame(file)


def _csv(file: Path, spec: Spec) -> pd.DataFrame:
    """A table from CSV: names stay text as written, numbers come back exactly."""
    frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
    for name in frame.columns.intersection([*spec.amounts]):
        frame[name] = [_number(text) for text in frame[name]]
    if "binds" in frame.columns:
        truth = {"True": True, "False": False}
        frame["binds"] = [truth.get(text, text) for text in frame["binds"]]
    return frame


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _same(one: pd.DataFrame, other: pd.DataFrame, spec: Spec) -> bool:
    """True if two tables hold the same rows in the same order, as far as they are checked."""
    columns = [*spec.keys, *spec.amounts, *spec.texts]
    if len(one) != len(other):
        return False
    for name in columns:
        if (name in one.columns) != (name in other.columns):
            return False
        if name not in one.columns:
            continue
        if name in spec.amounts:
            left, right = (
                pd.to_numeric(f[name], errors="coerce").to_numpy(float) for f in (one, other)
            )
            if not np.allclose(left, right, rtol=1e-12, atol=0.0, equal_nan=True):
                return False
        elif list(one[name].astype(str)) != list(other[name].astype(str)):
            return False
    return True
