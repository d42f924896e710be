"""From files to an instance: read the YAML and the tables it names, validate, place faults."""

from dataclasses import replace
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from models.calendar import parse_day
from models.instance import Instance
from models.messages import problems_of, shown
from models.origin import SourceMap, TableMarks
from models.problems import InstanceError, Path, Problem
from models.shape import Shape, tables
from optimizer.instance_io import csv_table, files, partial, yaml12
from optimizer.instance_io.files import Refusal


def read_instance(path: str | FilePath) -> Instance:
    """Read and check an instance: instance.yaml, the folder that holds it, or '-' for stdin.

    Raises InstanceError, which lists every problem with its file, line and column.
    """
    source = _Source(files.instance_file(path))
    source.read()
    try:
        inst = Instance.model_validate(source.data)
    except ValidationError as error:
        raise InstanceError(source.all_problems(error)) from None
    if source.problems:
        raise InstanceError(source.map().locate(source.problems))
    inst._origin = source.map().compact()
    return inst


class _Source:
    """The files of one instance: their data, and where everything in it stands."""

    def __init__(self, file: FilePath | None) -> None:
        self.file = file
        self.name = "<stdin>" if file is None else str(file)
        self.data: dict[str, Any] = {}
        self.document = yaml12.Document()
        self.marks: dict[Path, TableMarks] = {}
        self.problems: list[Problem] = []
        self.absent: set[tuple[Path, str]] = set()
        self.hashes: dict[str, str] = {}

    def read(self) -> None:
        """Read all files; what is wrong with a table becomes a problem, with the rest read."""
        try:
            self.document, self.data = self._document()
        except Refusal as refusal:
            raise InstanceError([refusal.problem(self.name)]) from None
        self.problems = [replace(problem, file=self.name) for problem in self.document.problems]
        for path, shape in tables(Instance).items():
            holder: Any = self.data
            for part in path[:-1]:
                holder = holder.get(part) if isinstance(holder, dict) else None
            if isinstance(holder, dict) and isinstance(holder.get(path[-1]), str):
                table = self._table(holder.pop(path[-1]), path, shape)
                if table is not None:
                    holder[path[-1]] = table

    def _document(self) -> tuple[yaml12.Document, dict[str, Any]]:
        document = yaml12.read(self._text(self.file))
        if not isinstance(document.data, dict):
            what = shown(document.data)
            raise Refusal(f"must be a table of fields (name: value), but is {what}.", 1, 1)
        if "instance" in document.data and "sites" not in document.data:
            verb = f"buildplan study run {self.name} --out DIR"
            raise Refusal(f"is a study, not an instance: run it with `{verb}`.", 1, 1)
        return document, document.data

    def _text(self, file: FilePath | None) -> str:
        """The text of a file, whose hash is kept."""
        text, sha256 = files.read_hashed(file)
        inside = file.relative_to(self.file.parent) if file and self.file else self.name
        self.hashes[str(inside)] = sha256
        return text

    def _table(self, name: str, path: Path, shape: Shape) -> object:
        """The data of a table that the instance names; None, with a problem, if there is none."""
        try:
            file = self._table_file(name)
        except Refusal as refusal:
            self.problems.append(Problem(path, refusal.message))
            return None
        try:
            table = csv_table.read(self._text(file), str(file), path, shape)
        except Refusal as refusal:
            if refusal.line:
                problem = replace(refusal.problem(str(file)), path=path)
            else:
                problem = Problem(path, f"the file {shown(name)}: {refusal.message}")
            self.problems.append(problem)
            return None
        self.marks[path] = table.marks
        self.problems += table.problems
        self.absent |= {(path, column) for column in table.absent}
        return table.data

    def _table_file(self, name: str) -> FilePath:
        if not name.lower().endswith(".csv"):
            raise Refusal(f"must be a table or the name of a CSV file, but is {shown(name)}.")
        if self.file is None:
            message = f"names {shown(name)}, but standard input has no folder; put it inline."
            raise Refusal(message)
        return files.table_file(self.file.parent, name)

    def map(self) -> SourceMap:
        """Where the values of the instance stand."""
        return SourceMap(self.name, self.document.values, self.marks, hashes=self.hashes)

    def all_problems(self, error: ValidationError) -> list[Problem]:
        """Every problem of fields and between records, located and in order."""
        known = {problem.path for problem in self.problems}
        fields, between = problems_of(error, Instance)
        fields = [problem for problem in fields if problem.path not in known]
        bad = [problem.path for problem in (*fields, *self.problems)]
        if bad:
            between = partial.find_between(self.data, bad)
        shown_fields = [self._at_key(one) for one in fields if not self._is_absent(one.path)]
        return self.map().locate([*self.problems, *shown_fields, *between])

    def _at_key(self, problem: Problem) -> Problem:
        """A problem with a name points at the name, others at the value; dates as written."""
        if problem.path not in self.document.values and (day := _day(problem.path[-1:])):
            for path in self.document.keys:
                if path[:-1] == problem.path[:-1] and _day(path[-1:]) == day:
                    return replace(problem, path=path)
        if problem.message.startswith("no field") and problem.path in self.document.keys:
            line, column = self.document.keys[problem.path]
            return replace(problem, file=self.name, line=line, column=column)
        return problem

    def _is_absent(self, path: Path) -> bool:
        return any(
            path[: len(table)] == table and path[len(table) + 1 :] == (column,)
            for table, column in self.absent
        )


def _day(last: Path) -> date | None:
    """The date that the last part of a path is, however it is written."""
    try:
        return parse_day(last[0]) if last and isinstance(last[0], str) else None
    except ValueError:
        return None
