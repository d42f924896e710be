"""A plan on disk: plan.json and tidy tables, whole or not at all."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from optimizer.errors import PlanError
from optimizer.plan.plan import Plan

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run as a formula by a spreadsheet."""


def check_target(folder: Path) -> None:
    """Raise PlanError if a plan must not be written there: it holds something else."""
    if folder.is_file():
        raise PlanError(f"{folder} is a file; name a folder for the plan")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "plan.json").is_file():
        raise PlanError(f"{folder} is not empty and holds no plan; name another folder")


def write_plan(plan: Plan, folder: Path) -> Path:
    """Write a plan beside its place, then move it there in one step."""
    check_target(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise PlanError(f"the plan cannot be written to {folder}: {error.strerror}") from error
    try:
        _fill(plan, part)
        part.chmod(0o755)
        _swap(part, folder)
    except OSError as error:
        raise PlanError(f"the plan cannot be written to {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _fill(plan: Plan, folder: Path) -> None:
    (folder / "tables").mkdir()
    for name, frame in plan.tables.items():
        frame.to_parquet(folder / "tables" / f"{name}.parquet", index=False)
        _harmless(frame).to_csv(folder / "tables" / f"{name}.csv", index=False)
    with (folder / "plan.json").open("w", encoding="utf-8") as file:
        json.dump(plan.summary(), file, indent=2, ensure_ascii=False, allow_nan=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def _swap(part: Path, folder: Path) -> None:
    """Put the new folder in place of an older plan, with what others laid beside that plan."""
    if not folder.exists():
        part.rename(folder)
        return
    for other in folder.iterdir():
        if other.name not in {"plan.json", "tables"}:
            copy = shutil.copytree if other.is_dir() else shutil.copy2
            copy(other, part / other.name)
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    try:
        folder.rename(old / "plan")
        part.rename(folder)
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy whose texts no spreadsheet takes for formulas."""
    out = frame.copy()
    for name in out.columns[out.dtypes.map(pd.api.types.is_string_dtype)]:
        text = out[name].astype(str)
        out[name] = text.where(~text.str.startswith(FORMULA_STARTS), "'" + text)
    return out


def read_plan(folder: str | Path) -> Plan:
    """Read a plan back. Raises PlanError, saying what is wrong, if the folder holds none."""
    place = Path(folder)
    try:
        summary = json.loads((place / "plan.json").read_text(encoding="utf-8"))
        tables = {
            path.stem: pd.read_parquet(path)
            for path in sorted((place / "tables").glob("*.parquet"))
        }
    except (OSError, ValueError) as error:
        raise PlanError(f"{place} holds no readable plan: {error}") from error
    try:
        summary["violations"] = tuple(summary.get("violations", ()))
        summary["reasons"] = tuple(summary.get("reasons", ()))
        return Plan(**summary, tables=tables)
    except (AttributeError, TypeError) as error:
        raise PlanError(f"{place / 'plan.json'} is not the summary of a plan: {error}") from error
