"""Where a plan goes: checked before the work, so that no result is lost for want of a place."""

import re
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from optimizer.errors import PlanError

HOME = "plans"
"""Folder, below the current one, for plans that are given no other."""


def holds_no_other(folder: Path) -> None:
    """Raise PlanError if a folder holds something else than a plan."""
    from optimizer.plan.store import check_target

    check_target(folder)


def holds_no_other_frontier(folder: Path) -> None:
    """Raise PlanError if a folder holds something else than a frontier."""
    from optimizer.frontier import check_target

    check_target(folder)


def asked(text: str, instance: str, check: Callable[[Path], None] = holds_no_other) -> Path:
    """The folder that `--out` names. Raises PlanError if no plan can be written there."""
    if not text.strip():
        raise PlanError("names no folder")
    try:
        folder = Path(text).resolve()
        check(folder)
        _check_place(folder, instance)
        _try_writing(folder.parent)
    except (OSError, ValueError, RuntimeError) as error:
        if isinstance(error, PlanError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise PlanError(f"no plan can be written to {text}: {reason}") from error
    return folder


def default(name: str) -> Path:
    """A new folder below `plans`, named after the instance and the time."""
    short = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60] or "plan"
    stem = f"{short}-{datetime.now():%Y%m%d-%H%M%S}"
    folder, again = Path(HOME, stem), 1
    while folder.exists():
        again += 1
        folder = Path(HOME, f"{stem}-{again}")
    return folder


def _check_place(folder: Path, instance: str) -> None:
    """An older plan is replaced as a whole, so nothing else may stand in its folder."""
    if Path.cwd().is_relative_to(folder):
        raise PlanError(f"{folder} is the current folder or holds it; name a new folder")
    if instance != "-" and Path(instance).resolve().is_relative_to(folder):
        raise PlanError(f"{folder} holds the instance; name another folder")


def _try_writing(parent: Path) -> None:
    """Make and remove a folder where the plan's folder will stand."""
    while not parent.exists() and parent != parent.parent:
        parent = parent.parent
    with tempfile.TemporaryDirectory(prefix=".buildplan-", dir=parent):
        pass
