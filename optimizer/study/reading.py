"""From a study file to a study: read, checked as a whole, and each case tried on the instance."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from models.instance import Instance
from models.messages import problems_of, shown
from models.origin import SourceMap
from models.problems import InstanceError, Path, Problem
from optimizer.instance_io import files, read_instance, yaml12
from optimizer.instance_io.files import Refusal
from optimizer.study.case import Study
from optimizer.study.definition import BASE, LIST, PARTS, TABLE, StudyFile
from optimizer.study.drafts import Draft, of_table
from optimizer.study.expand import Expansion, expand
from optimizer.study.trial import Tell, Trial


def read_study(
    path: str | FilePath, tell: Tell | None = None, changes: Mapping[str, Any] | None = None
) -> Study:
    """Read and check a study file, or '-' for standard input; each case makes a valid instance.

    `tell` hears how many cases have been tried; `changes` are made to the base instance after the
    study's own. Raises InstanceError, which lists every problem of
    the file, of its base instance and of its cases, with file, line and column.
    """
    source = _Source(None if str(path) == files.STDIN else FilePath(path))
    spec, broken = source.define()
    order = [name for name in source.data if name in PARTS]
    asked = expand(spec, order, broken) if spec else Expansion([], {}, [])
    known = {one.path for one in source.problems}
    source.problems += [one for one in asked.problems if one.path not in known]
    base = source.base(spec)
    if base is None or spec is None:
        raise InstanceError(source.located())
    if changes:
        base = base.with_changes(changes)
    trial = Trial(base)
    trial.run(asked.drafts, tell)
    source.problems += trial.problems()
    if not asked.drafts and not source.problems:
        source.problems.append(Problem((), "asks for no case."))
    if source.problems:
        raise InstanceError(source.located())
    return Study(
        name=spec.name,
        base=base,
        cases=tuple(draft.case() for draft in asked.drafts),
        gap=spec.solve.gap,
        time_limit=spec.solve.time_limit_s,
        seed=spec.solve.seed,
        levers=asked.levers,
        levels=spec.morris.levels if spec.morris else 0,
        sha256=trial.sha256,
    )


class _Source:
    """A study file: its data, where everything in it stands, and what is wrong."""

    def __init__(self, file: FilePath | None) -> None:
        self.name = "<stdin>" if file is None else str(file)
        self.folder = FilePath() if file is None else file.parent
        self.elsewhere: tuple[Problem, ...] = ()
        try:
            self.document, self.data = _document(file)
            _refuse_an_instance(self.data, self.name)
        except Refusal as refusal:
            raise InstanceError([refusal.problem(self.name)]) from None
        self.problems = [replace(one, file=self.name) for one in self.document.problems]

    def define(self) -> tuple[StudyFile | None, set[str]]:
        """The study's definition, and the names of cases that had to be left out of it."""
        try:
            return StudyFile.model_validate(self.data), set()
        except ValidationError as error:
            fields, _ = problems_of(error, StudyFile)
        found = [replace(one, path=_as_written(one.path)) for one in fields]
        known = {one.path for one in self.problems}
        self.problems += [one for one in found if one.path not in known]
        kept, broken = _without(self.data, [one.path for one in found])
        try:
            return StudyFile.model_validate(kept), broken
        except ValidationError:
            return None, broken

    def base(self, spec: StudyFile | None) -> Instance | None:
        """The base instance after the study's own changes; None, with problems, if none can be."""
        if spec is None or any(one.path == ("instance",) for one in self.problems):
            return None
        if spec.instance == files.STDIN:
            self.problems.append(Problem(("instance",), "must be a file or a folder, not '-'."))
            return None
        try:
            inst = read_instance(self.folder / spec.instance)
        except InstanceError as error:
            self._note_base(error.problems)
            return None
        if any(one.path[:1] == ("changes",) for one in self.problems):
            return None
        try:
            return inst.with_changes(spec.changes) if spec.changes else inst
        except InstanceError:
            trial = Trial(inst)
            trial.run([Draft(BASE, BASE, of_table(spec.changes, ("changes",)), {})])
            self.problems += trial.problems()
            return None

    def located(self) -> list[Problem]:
        """All problems with their places: those of the study first, then those of the base."""
        origin = SourceMap(self.name, self.document.values, {})
        return [*origin.locate(self._at_key(one) for one in self.problems), *self.elsewhere]

    def _note_base(self, problems: tuple[Problem, ...]) -> None:
        if all(not one.line and not one.path for one in problems):
            self.problems += [
                Problem(("instance",), f"{one.file}: {one.message}") for one in problems
            ]
        else:
            self.elsewhere = problems

    def _at_key(self, problem: Problem) -> Problem:
        """A problem with a name points at the name, others at the value."""
        if problem.message.startswith("no ") and problem.path in self.document.keys:
            line, column = self.document.keys[problem.path]
            return replace(problem, file=self.name, line=line, column=column)
        return problem


def _document(file: FilePath | None) -> tuple[yaml12.Document, dict[str, Any]]:
    document = yaml12.read(files.read_text(file))
    if not isinstance(document.data, dict):
        what = shown(document.data)
        raise Refusal(f"must be a table of fields (name: value), but is {what}.", 1, 1)
    return document, document.data


def _refuse_an_instance(data: Mapping[str, Any], name: str) -> None:
    if "instance" not in data and {"sites", "horizon"} & data.keys():
        message = (
            f"is an instance, not a study: solve it with `buildplan solve {name}`, or write a "
            "study with `instance:` and the cases to solve (docs/study-format.md)."
        )
        raise Refusal(message, 1, 1)


def _as_written(path: Path) -> Path:
    return tuple(part for part in path if part not in (LIST, TABLE))


def _without(data: dict[str, Any], bad: list[Path]) -> tuple[dict[str, Any], set[str]]:
    """The data without what is wrong, as far as the rest can stand; the cases that are left out."""
    kept = dict(data)
    broken: set[str] = set()
    for path in bad:
        if path[0] == "cases" and len(path) > 1:
            broken.add(str(path[1]))
        else:
            kept.pop(str(path[0]), None)
    if "cases" in data and "cases" not in kept:
        kept.pop("sweep", None)  # It may name cases, of which nothing is known now.
    if broken and "cases" in kept:
        kept["cases"] = {name: one for name, one in kept["cases"].items() if name not in broken}
    for needed in ("name", "instance"):
        kept.setdefault(needed, "?")
    return kept, broken
