"""Whether files are as they were certified, byte for byte."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from optimizer.certificate import FILE
from optimizer.errors import PlanError
from optimizer.hashing import content_sha256

SEAL = "sha256"
"""The key of the certificate's own hash, which covers all of its other keys."""

LARGEST_BYTES = 10_000_000
"""No more of a certificate is read; none is as large [bytes]."""


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a plan's folder that a certificate covers, by its path in it."""
    certified = sorted(
        [*folder.glob("*.json"), *folder.glob("*.parquet"), *folder.glob("tables/*")]
    )
    return {
        str(PurePosixPath(file.relative_to(folder))): _sha256(file)
        for file in certified
        if file.name != FILE
    }


def refuse_links_outside(folder: Path) -> None:
    """Raise PlanError if anything in a plan's folder is a link that leads out of it."""
    root = folder.resolve()
    for file in [*folder.glob("*"), *folder.glob("tables/*")]:
        if file.is_symlink() and not file.resolve().is_relative_to(root):
            name = file.relative_to(folder)
            raise PlanError(f"{folder} holds no plan to rely on: {name} links to outside of it")


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """A certificate's content with its own hash."""
    return {**content, SEAL: content_sha256(dict(content))}


def read_certificate(folder: Path) -> dict[str, Any] | None:
    """The certificate in a plan's folder; None if there is none.

    Raises ValueError, in words, if it cannot be read or was changed.
    """
    try:
        with (folder / FILE).open("rb") as stream:
            content = stream.read(LARGEST_BYTES)
        told = json.loads(content)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{FILE} cannot be read: {error}") from error
    if not isinstance(told, dict):
        raise ValueError(f"{FILE} is not a JSON object")
    rest = {name: value for name, value in told.items() if name != SEAL}
    if content_sha256(rest) != told.get(SEAL) or not isinstance(told.get("files"), dict):
        raise ValueError(f"{FILE} was changed after it was written")
    return told


def changed_files(folder: Path, certificate: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong, in words, with each certified file that is there; one a message."""
    for name, sha256 in certificate["files"].items():
        if _sha256(folder / _inside(name)) not in (sha256, ""):
            yield f"{name} was changed after it was certified"


def is_unchanged(file: Path) -> bool:
    """True if a file is the one that the certificate beside it names, or there is none."""
    try:
        told = read_certificate(file.parent)
    except ValueError:
        return False
    return told is None or told["files"].get(file.name) == _sha256(file)


def is_intact(folder: Path) -> bool:
    """True if a folder has a certificate, and every file that it names is there, unchanged."""
    try:
        told = read_certificate(folder)
    except ValueError:
        return False
    if told is None:
        return False
    return all(_sha256(folder / _inside(name)) == sha for name, sha in told["files"].items())


def _inside(name: str) -> PurePosixPath:
    """The path of a certified file, which cannot lead out of the folder."""
    parts = PurePosixPath(name).parts
    return PurePosixPath(*parts[-2:] if parts[-2:-1] == ("tables",) else parts[-1:])


def _sha256(file: Path) -> str:
    """SHA-256 of a file; empty if there is none."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return ""
