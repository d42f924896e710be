"""A plan on disk: plan.json, instance.json and tidy tables, whole or not at all."""

import json
import os
from functools import partial
from pathlib import Path

import pandas as pd

from models.instance import Instance
from optimizer import whole
from optimizer.certificate import DUALS, FILE, LIMIT_VALUES
from optimizer.certificate.content import certificate
from optimizer.certificate.duals import write_duals
from optimizer.certificate.files import changed_files, read_certificate, refuse_links_outside
from optimizer.columns import read_frame
from optimizer.errors import PlanError
from optimizer.hashing import content_sha256
from optimizer.plan.plan import Plan

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run as a formula by a spreadsheet."""

PARTS = ("plan.json", "instance.json", FILE, DUALS, LIMIT_VALUES, "tables",
         "report.html", "replan")  # fmt: skip
"""What makes up a plan's folder; what was said of an older plan does not outlive it."""


def check_target(folder: Path) -> None:
    """Raise PlanError if a plan must not be written there: it holds something else."""
    whole.check_target(folder, PARTS[0], "plan")


def write_plan(plan: Plan, folder: Path, *, csv: bool = True) -> Path:
    """Write a plan beside its place, then move it there in one step.

    Tables are written as Parquet, and as CSV too unless `csv` is False; the instance only where
    the plan knows it. Raises PlanError if the folder holds something else, or cannot be written.
    """
    return whole.write_folder(folder, "plan", PARTS, partial(_fill, plan, csv))


def _fill(plan: Plan, csv: bool, folder: Path) -> None:
    (folder / "tables").mkdir()
    for name, frame in plan.tables.items():
        write_table(frame, folder / "tables", name, csv=csv)
    if plan.instance is not None:
        content = plan.instance.model_dump(mode="json")
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        (folder / "instance.json").write_text(f"{text}\n", encoding="utf-8")
    if plan.evidence is not None and plan.evidence.row_duals is not None:
        write_duals(folder / DUALS, plan.evidence.row_duals)
        if plan.evidence.limit_values is not None:
            plan.evidence.limit_values.to_parquet(folder / LIMIT_VALUES, index=False)
    _write_json(folder / "plan.json", plan.summary())
    _write_json(folder / FILE, certificate(plan, folder))


def _write_json(file: Path, content: object) -> None:
    with file.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=2, ensure_ascii=False, allow_nan=False)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())


def write_table(frame: pd.DataFrame, folder: Path, name: str, *, csv: bool = True) -> None:
    """Write a table as Parquet and, unless `csv` is False, as CSV; raises OSError."""
    frame.to_parquet(folder / f"{name}.parquet", index=False)
    if csv:
        harmless(frame).to_csv(folder / f"{name}.csv", index=False)


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy whose texts no spreadsheet takes for formulas."""
    out = frame.copy()
    for name in out.columns[out.dtypes.map(pd.api.types.is_string_dtype)]:
        out[name] = out[name].map(_disarmed)
    return out


def _disarmed(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def read_plan(folder: str | Path) -> Plan:
    """Read a plan back.

    Raises PlanError, saying what is wrong, if the folder holds none, or files that are not those
    that its certificate names.
    """
    place = Path(folder)
    _refuse_changed(place)
    try:
        summary = json.loads((place / "plan.json").read_text(encoding="utf-8"))
        tables = {
            path.stem: read_frame(path) for path in sorted((place / "tables").glob("*.parquet"))
        }
    except FileNotFoundError as error:
        raise PlanError(f"{place} holds no plan: there is no {error.filename}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise PlanError(f"{place} holds no readable plan: {error}") from error
    try:
        summary["violations"] = tuple(summary.get("violations", ()))
        summary["goals"] = tuple(summary.get("goals", ()))
        summary["reasons"] = tuple(summary.get("reasons", ()))
        read = partial(_read_instance, place / "instance.json", summary.get("instance_sha256"))
        return Plan(**summary, tables=tables, instance=read)
    except (AttributeError, TypeError) as error:
        raise PlanError(f"{place / 'plan.json'} is not the summary of a plan: {error}") from error


def _refuse_changed(place: Path) -> None:
    """Raise PlanError if a file is not the one that the certificate beside it names."""
    refuse_links_outside(place)
    try:
        certificate = read_certificate(place)
    except ValueError as error:
        raise PlanError(f"{place} holds no plan to rely on: {error}; solve again") from error
    changed = [] if certificate is None else list(changed_files(place, certificate))
    if changed:
        raise PlanError(f"{place} holds no plan to rely on: {'; '.join(changed)}; solve again")


def _read_instance(file: Path, sha256: object) -> Instance | None:
    """The instance in a plan's folder; None in an older folder, which has none."""
    if not file.exists():
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        inst = Instance.model_validate(content)
    except (OSError, ValueError, RecursionError) as error:
        raise PlanError(f"{file} holds no readable instance: {error}") from error
    if content_sha256(content) != sha256:
        raise PlanError(f"{file} is not the instance that the plan was made for")
    return inst
