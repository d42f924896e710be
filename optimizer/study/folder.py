"""A study on disk: what was asked, and what came of each case.

    study.json           the study: its cases, levers and options
    instance.json        the base instance
    cases/KEY/           a finished case: plan.json, certificate.json, and tables/*.parquet if it
                         has a plan
    failures/KEY.json    a case that failed and will be tried again, with the reason
    results/*.parquet    every case in one dataset
    timings.parquet      how long each case took

KEY is the hash of the changed instance, the options and the versions, so that equal cases are
solved once. Everything appears whole or not at all.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from models.instance import Instance
from optimizer.certificate.files import is_intact, is_unchanged
from optimizer.errors import PlanError
from optimizer.plan.plan import Status
from optimizer.study.case import Case, Lever, Study
from optimizer.verify.specs import SPECS

BASE = "instance.json"

FORMAT = 1
"""Version of the layout; a folder with another one is refused."""

PARQUET = b"PAR1"
"""How a Parquet file begins and ends."""


class StudyFolder:
    """A folder with a study: its definition, and the outcome of each case so far."""

    def __init__(self, path: str | Path) -> None:
        """Open a study's folder. Raises PlanError if there is none, or it cannot be read."""
        self.path = Path(path)
        try:
            told = json.loads((self.path / "study.json").read_text(encoding="utf-8"))
            base = json.loads((self.path / BASE).read_text(encoding="utf-8"))
            version = told["format"]
            self.study = _from_dict(told, Instance.model_validate(base))
            self.keys: dict[str, str] = {one["name"]: one["key"] for one in told["cases"]}
            """The key of each case, by its name."""
        except OSError as error:
            reason = error.strerror or error
            raise PlanError(f"{path} holds no study: {error.filename}: {reason}") from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise PlanError(f"{path} holds no readable study: {error}") from error
        if version != FORMAT:
            raise PlanError(f"{path} was written by another version of buildplan")

    @classmethod
    def create(cls, path: Path, study: Study, keys: Mapping[str, str]) -> "StudyFolder":
        """Write what a study asks into its folder; finished cases that stand there are kept.

        A newer version of the same study takes the place of the older one. Raises PlanError if the
        folder holds another study or something else, or cannot be written.
        """
        if path.is_file():
            raise PlanError(f"{path} is a file; name a folder for the study")
        base = to_text(study.base.model_dump(mode="json"))
        if path.is_dir() and not (path / "study.json").is_file() and _holds_others(path, base):
            raise PlanError(f"{path} is not empty and holds no study; name another folder")
        if (path / "study.json").is_file() and (other := _name_in(path)) not in {None, study.name}:
            message = f"{path} holds the study '{other}'; name another folder for '{study.name}'"
            raise PlanError(message)
        try:
            path.mkdir(parents=True, exist_ok=True)
            write_whole(path / BASE, base)
            write_whole(path / "study.json", to_text(_to_dict(study, keys)))
        except OSError as error:
            raise PlanError(f"the study cannot be written to {path}: {error.strerror}") from error
        return cls(path)

    def plan_folder(self, case: str) -> Path:
        """Where the plan of a case stands once it is finished."""
        return self.path / "cases" / self.keys[case]

    def is_finished(self, case: str) -> bool:
        """True if a case has been solved: a plan, or the knowledge that there is none."""
        return (self.plan_folder(case) / "plan.json").is_file()

    def summary(self, case: str) -> dict[str, Any] | None:
        """The plan.json of a finished case; of a failed one its status and reasons; else None.

        Raises PlanError if the file cannot be read, or is not the one that was certified.
        """
        failure = self.path / "failures" / f"{self.keys[case]}.json"
        for file in (self.plan_folder(case) / "plan.json", failure):
            try:
                told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as error:
                raise PlanError(f"{file} cannot be read: {error}") from error
            if not is_unchanged(file):
                where = f"remove {file.parent}, and run the study again"
                raise PlanError(f"{file} was changed after it was certified; {where}")
            return told
        return None


def _holds_others(path: Path, base: str) -> bool:
    """True if there is more in a folder than a run of the study leaves that has only just begun."""
    for entry in path.iterdir():
        if entry.name == BASE and entry.is_file() and entry.read_bytes() == base.encode():
            continue
        if not entry.name.startswith((f".{BASE}-", ".study.json-")):
            return True
    return False


def _name_in(path: Path) -> str | None:
    """The name of the study that stands in a folder; None if that cannot be read."""
    try:
        return str(json.loads((path / "study.json").read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def is_whole(folder: Path) -> bool:
    """True if a finished case has all of its files, as they were certified when it was solved."""
    try:
        told = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    if not isinstance(told, dict) or told.get("status") not in get_args(Status):
        return False
    tables = [folder / "tables" / f"{name}.parquet" for name in SPECS]
    if told.get("objective_musd") is not None and not all(_ends_well(file) for file in tables):
        return False
    return is_intact(folder)


def _ends_well(file: Path) -> bool:
    """True if a file begins and ends as Parquet does."""
    try:
        with file.open("rb") as stream:
            begin = stream.read(len(PARQUET))
            stream.seek(-len(PARQUET), os.SEEK_END)
            return begin == stream.read() == PARQUET
    except OSError:
        return False


def to_text(content: object) -> str:
    """Content as the text of a JSON file."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_whole(file: Path, text: str) -> None:
    """Write a file whole or not at all; it survives a loss of power once it is there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            Path(part).chmod(0o644)
            os.fsync(stream.fileno())
        Path(part).replace(file)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _to_dict(study: Study, keys: Mapping[str, str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": study.name,
        "options": {"gap": study.gap, "time_limit": study.time_limit, "seed": study.seed},
        "levers": {g: [asdict(one) for one in levers] for g, levers in study.levers.items()},
        "levels": study.levels,
        "cases": [
            {
                "name": case.name,
                "group": case.group,
                "key": keys[case.name],
                "changes": dict(case.changes),
                "levers": dict(case.levers),
            }
            for case in study.cases
        ],
    }


def _from_dict(told: Mapping[str, Any], base: Instance) -> Study:
    return Study(
        name=told["name"],
        base=base,
        cases=tuple(
            Case(one["name"], one["group"], one["changes"], one["levers"]) for one in told["cases"]
        ),
        **told["options"],
        levers={g: tuple(Lever(**one) for one in levers) for g, levers in told["levers"].items()},
        levels=told["levels"],
    )
