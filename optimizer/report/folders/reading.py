"""Tables and plans of a folder that holds several plans."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from models.instance import Instance
from optimizer.columns import read_frame
from optimizer.errors import PlanError
from optimizer.plan.plan import Plan
from optimizer.plan.store import read_plan


def read_table(file: Path, columns: set[str]) -> pd.DataFrame:
    """A table that has at least these columns. Raises PlanError if it cannot be read as one."""
    try:
        table = read_frame(file)
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0][:200]
        raise PlanError(f"{file} cannot be read: {reason}") from error
    if missing := sorted(columns - set(table.columns)):
        raise PlanError(f"{file} has no column {', '.join(missing)}")
    return table


def read_json(file: Path, keys: set[str]) -> dict[str, Any]:
    """A JSON object that has at least these keys. Raises PlanError if it cannot be read as one."""
    try:
        told = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PlanError(f"{file} cannot be read: {error}") from error
    if not isinstance(told, dict) or (missing := sorted(keys - set(told))):
        raise PlanError(f"{file} does not say {', '.join(missing) if told else 'anything'}")
    return told


def read_plans(folder: Path, names: list[str]) -> dict[str, Plan]:
    """The plans of a folder by their names. Raises PlanError if one cannot be read."""
    return {name: read_plan(folder / name) for name in names}


def instance_of(plan: Plan, folder: Path) -> Instance:
    """The instance of a plan. Raises PlanError if its folder has none."""
    if plan.instance is None:
        raise PlanError(f"{folder} holds no instance; solve again")
    return plan.instance
