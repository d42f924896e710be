"""Folders and files that appear whole or not at all."""

import shutil
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

from optimizer.errors import PlanError


def check_target(folder: Path, mark: str, what: str) -> None:
    """Raise PlanError if a folder holds something else: it has no file of the name `mark`."""
    if folder.is_file():
        raise PlanError(f"{folder} is a file; name a folder for the {what}")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / mark).is_file():
        raise PlanError(f"{folder} is not empty and holds no {what}; name another folder")


def write_folder(
    folder: Path, what: str, own: Collection[str], fill: Callable[[Path], None]
) -> Path:
    """Fill a folder beside its place, then move it there in one step.

    Args:
        folder: its place; an older one of its kind is replaced, with all of its own parts.
        what: the word for its content in messages.
        own: names of the files and folders that make it up; the first one marks its kind. What
            others laid beside them is kept.
        fill: writes the content into the folder that it is given.

    Raises PlanError if the place holds something else, or cannot be written.
    """
    check_target(folder, next(iter(own)), what)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise PlanError(f"the {what} cannot be written to {folder}: {error.strerror}") from error
    try:
        fill(part)
        part.chmod(0o755)
        _swap(part, folder, own)
    except OSError as error:
        raise PlanError(f"the {what} cannot be written to {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def write_files(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder of its own, then move each file from there over the one of its name.

    Raises OSError if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as name:
        fill(Path(name))
        for file in sorted(Path(name).iterdir()):
            file.chmod(0o644)
            file.replace(folder / file.name)


def _swap(part: Path, folder: Path, own: Collection[str]) -> None:
    """Put the new folder in place of an older one, with what others laid beside its parts."""
    if not folder.exists():
        part.rename(folder)
        return
    for other in folder.iterdir():
        if other.name not in own:
            copy = shutil.copytree if other.is_dir() else shutil.copy2
            copy(other, part / other.name)
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    try:
        folder.rename(old / "older")
        part.rename(folder)
    finally:
        shutil.rmtree(old, ignore_errors=True)
