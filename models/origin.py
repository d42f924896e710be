"""Where each part of an instance was written: file, line and column, found by path."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from models.problems import Path, Problem


class Mark(NamedTuple):
    """A place in a file; line and column count from 1, 0 where there is none."""

    file: str
    line: int = 0
    column: int = 0


def on_one_line(problem: Problem) -> Problem:
    """The problem with line breaks and other unprintable characters of names written as escapes."""
    path = tuple(_printable(part) if isinstance(part, str) else part for part in problem.path)
    return replace(problem, path=path, message=_printable(problem.message))


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(ch if ch.isprintable() else repr(ch)[1:-1] for ch in text)


@dataclass(frozen=True)
class TableMarks:
    """Where the cells of a CSV table stand: a line per row, a column per row and header."""

    file: str
    rows: dict[str | int, int]
    """Position of each row, by its key or its number."""

    headers: dict[tuple[str, ...], int]
    """Position of each column, by its header split at dots."""

    width: int
    """Number of columns, comments included."""

    lines: "array[int]"
    columns: "array[int]"
    """Column of each cell, row after row."""

    def find(self, path: Path) -> Mark | None:
        """The cell or the row that a path below the table leads to."""
        if not path or (row := self.rows.get(path[0])) is None:
            return None
        inner = tuple(str(part) for part in path[1:])
        while inner and inner not in self.headers:
            inner = inner[:-1]
        start = row * self.width
        return Mark(self.file, self.lines[row], self.columns[start + self.headers.get(inner, 0)])


@dataclass(frozen=True)
class SourceMap:
    """Where an instance was written. Small, and fit to be pickled with its instance."""

    file: str
    marks: dict[Path, tuple[int, int]]
    """Line and column by path, in the instance's own file."""

    tables: dict[Path, TableMarks] = field(default_factory=dict)
    changed: dict[Path, str] = field(default_factory=dict)
    """What was changed afterwards, with the name of the change."""

    hashes: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each file that was read, by its name."""

    def find(self, path: Path) -> Mark:
        """The place of a path, or of the nearest thing around it that has one."""
        for size in range(len(path), -1, -1):
            part = path[:size]
            if part in self.changed:
                return Mark(self.changed[part])
            for start in range(1, size):
                table = self.tables.get(path[:start])
                if table and (mark := table.find(path[start:])):
                    return mark
            if part in self.marks:
                return Mark(self.file, *self.marks[part])
        return Mark(self.file, 1, 1)

    def locate(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems with their places, in the order of the files."""
        found = (
            problem if problem.file else replace(problem, **self.find(problem.path)._asdict())
            for problem in problems
        )
        found = (on_one_line(problem) for problem in found)
        return sorted(found, key=lambda problem: (problem.file, problem.line, problem.column))

    def compact(self) -> "SourceMap":
        """The same without the cells of rows written in the instance's own file."""
        kept = {
            path: mark
            for path, mark in self.marks.items()
            if not any(isinstance(part, int) for part in path[:-1])
        }
        return replace(self, marks=kept)

    def after(
        self, moved: Mapping[str, Sequence[int | None]], changed: Mapping[Path, str]
    ) -> "SourceMap":
        """The map after a change: for each list table in `moved`, the old position of each row."""
        marks = {
            path: mark for path, mark in self.marks.items() if len(path) < 2 or path[0] not in moved
        }
        tables = dict(self.tables)
        for name, positions in moved.items():
            for new, old in enumerate(positions):
                if old is not None and (mark := self.marks.get((name, old))):
                    marks[name, new] = mark
            if table := tables.get((name,)):
                kept = [(new, old) for new, old in enumerate(positions) if old is not None]
                tables[name,] = replace(
                    table, rows={new: table.rows[old] for new, old in kept if old in table.rows}
                )
        before = dict(_unmoved(self.changed, moved))
        return SourceMap(self.file, marks, tables, before | dict(changed), self.hashes)


def _unmoved(
    changed: Mapping[Path, str], moved: Mapping[str, Sequence[int | None]]
) -> Iterator[tuple[Path, str]]:
    for path, name in changed.items():
        if path[0] not in moved or len(path) < 2:
            yield path, name
            continue
        for new, old in enumerate(moved[str(path[0])]):
            if old == path[1]:
                yield (path[0], new, *path[2:]), name
