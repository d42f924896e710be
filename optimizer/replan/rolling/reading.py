"""From the file of a replay to its data, checked as a whole, problems with their places."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from models.instance import Instance
from models.messages import problems_of, shown
from models.origin import SourceMap
from models.problems import InstanceError, Path, Problem
from optimizer.instance_io import files, read_instance, yaml12
from optimizer.instance_io.files import Refusal
from optimizer.replan.rolling.definition import ReplayFile, Step

ONE_FUTURE = "has scenarios; a replay is of one future."


@dataclass(frozen=True)
class Moment:
    """What is known from a day on; `date` is the start of the horizon for what is known first."""

    date: date
    description: str
    instance: Instance


@dataclass(frozen=True)
class Rolling:
    """A horizon of revealed data: the moments in order of time, and the prices of changes."""

    name: str
    moments: tuple[Moment, ...]
    cancel_share: float | None = None
    delay_share: float | None = None


def read_rolling(path: str | FilePath, changes: Mapping[str, Any] | None = None) -> Rolling:
    """Read the file of a replay; `changes` are made to what is known at first, after its own.

    Raises InstanceError, which lists every problem of the file and of its instances.
    """
    source = _Source(FilePath(path))
    spec = source.define()
    first = source.instance(("instance",), spec.instance, None)
    first = source.changed(("changes",), first, {**spec.changes, **(changes or {})})
    data, moments = first, []
    for n, step in enumerate(spec.steps):
        data = source.instance(("steps", n, "instance"), step.instance, data)
        data = source.changed(("steps", n, "changes"), data, step.changes)
        if data is not None:
            moments.append(Moment(step.date, step.description, data))
    source.check(spec, first, moments)
    if source.problems or first is None:
        raise InstanceError(source.located())
    start = Moment(first.horizon.start, "known at first", first)
    return Rolling(spec.name, (start, *moments), spec.cancel_share, spec.delay_share)


class _Source:
    """The file: its data, where everything in it stands, and what is wrong."""

    def __init__(self, file: FilePath) -> None:
        self.name, self.folder = str(file), file.parent
        self.elsewhere: list[Problem] = []
        try:
            self.document = _table(file)
        except Refusal as refusal:
            raise InstanceError([refusal.problem(self.name)]) from None
        self.problems = [replace(one, file=self.name) for one in self.document.problems]

    def define(self) -> ReplayFile:
        """The file's content. Raises InstanceError with all that is wrong with it."""
        try:
            spec = ReplayFile.model_validate(self.document.data)
        except ValidationError as error:
            fields, _ = problems_of(error, ReplayFile)
            known = {one.path for one in self.problems}
            self.problems += [one for one in fields if one.path not in known]
        if self.problems:
            raise InstanceError(self.located())
        return spec

    def instance(self, at: Path, name: str | None, known: Instance | None) -> Instance | None:
        """The instance that a field names; without a name what was known before."""
        if name is None:
            return known
        try:
            return read_instance(self.folder / name)
        except InstanceError as error:
            if all(not one.line and not one.path for one in error.problems):
                told = [Problem(at, f"{one.file}: {one.message}") for one in error.problems]
                self.problems += told
            else:
                self.elsewhere += [one for one in error.problems if one not in self.elsewhere]
        return None

    def changed(
        self, at: Path, inst: Instance | None, changes: Mapping[str, Any]
    ) -> Instance | None:
        """The instance after changes; None, with problems, if they cannot be made."""
        if inst is None or not changes:
            return inst
        try:
            return inst.with_changes(changes)
        except InstanceError as error:
            for one in error.problems:
                path = ".".join(map(str, one.path))
                inside = not one.file and path in changes
                where = (*at, path) if inside else at
                self.problems.append(Problem(where, one.message if inside else str(one)))
        return None

    def check(self, spec: ReplayFile, first: Instance | None, moments: list[Moment]) -> None:
        """Note dates out of order, and instances that do not plan for the same time."""
        days = [step.date for step in spec.steps]
        for n, day in enumerate(days):
            path = ("steps", n, "date")
            if n and day <= days[n - 1]:
                self.problems.append(Problem(path, f"must be after {days[n - 1]}, but is {day}."))
            elif first is not None and not first.horizon.start < day < _end(first):
                told = f"must lie in the horizon, {first.horizon.start} to {_end(first)}"
                self.problems.append(Problem(path, f"{told}, but is {day}."))
        if first is None or len(moments) < len(spec.steps):
            return
        self._check_alike(spec.steps, first, moments)

    def _check_alike(self, steps: tuple[Step, ...], first: Instance, moments: list[Moment]) -> None:
        if first.scenarios:
            self.problems.append(Problem(("instance",), ONE_FUTURE))
        for n, (step, moment) in enumerate(zip(steps, moments, strict=True)):
            path = ("steps", n, "instance" if step.instance is not None else "changes")
            if moment.instance.periods != first.periods:
                told = "has other periods than the first instance; their costs cannot be compared."
                self.problems.append(Problem(path, told))
            if moment.instance.scenarios and not first.scenarios:
                self.problems.append(Problem(path, ONE_FUTURE))

    def located(self) -> list[Problem]:
        """All problems with their places."""
        origin = SourceMap(self.name, self.document.values, {})
        return [*origin.locate(self.problems), *self.elsewhere]


def _table(file: FilePath) -> yaml12.Document:
    """The file's document. Raises Refusal if it is no table of fields."""
    document = yaml12.read(files.read_text(file))
    if not isinstance(document.data, dict):
        what = shown(document.data)
        raise Refusal(f"must be a table of fields (name: value), but is {what}.", 1, 1)
    return document


def _end(inst: Instance) -> date:
    return list(inst.periods.values())[-1].end
