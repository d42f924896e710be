"""CSV tables: a header row, one record per line, each cell with its place.

Dotted headers make nested fields (`pue.air`), an empty cell is a field not given, columns whose
header starts with '#' and lines that start with '#' are comments, empty lines are skipped. A cell
may stand in double quotes ("" for a quote in it) and must not contain a line break. Cells stay
text; the entity types read numbers, dates and lists from it.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models.entities.base import Entity
from models.origin import TableMarks
from models.problems import Path, Problem, did_you_mean
from models.shape import Shape, of_field, singular
from optimizer.instance_io.files import Refusal

_QUOTED = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=,|$)')

Header = tuple[str, ...]
Cells = list[tuple[str, int]]
"""The cells of a line, each with its column from 1."""


@dataclass
class Table:
    """A CSV table as plain data, with its places and what is wrong in it."""

    data: dict[str, object] | list[object]
    marks: TableMarks
    problems: list[Problem] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    """Fields that must be given and have no column; reported once."""


def read(text: str, file: str, path: Path, shape: Shape) -> Table:
    """Read a table of records; raises Refusal where there is no header to read by."""
    lines = _lines(text)
    number, line = next(lines, (0, ""))
    if not line:
        raise Refusal("is empty; a table needs a header row.", 1, 1)
    keyed = shape.kind == "table"
    header = _Columns(shape.entity, keyed, file, path)
    header.read(_cells(line, number), number)
    marks = TableMarks(file, {}, {}, len(header.names), array("I"), array("I"))
    table = Table({} if keyed else [], marks)
    table.problems += header.problems
    table.absent = header.absent
    for position, name in enumerate(header.names):
        if name is not None:
            marks.headers.setdefault(name, position)
    _read_rows(table, lines, header, keyed, path)
    return table


def _read_rows(
    table: Table, lines: Iterator[tuple[int, str]], header: "_Columns", keyed: bool, path: Path
) -> None:
    marks, width = table.marks, len(header.names)

    def problem(message: str, line: int, column: int, *where: str | int) -> None:
        table.problems.append(Problem((*path, *where), message, "error", marks.file, line, column))

    for number, line in lines:
        try:
            cells = _cells(line, number)
        except Refusal as refusal:
            problem(refusal.message, refusal.line, refusal.column)
            continue
        if len(cells) != width:
            problem(f"has {len(cells)} cells, but the header has {width}.", number, 1)
            continue
        row = header.record(cells)
        at = len(marks.lines)
        if keyed:
            key = cells[0][0]
            if not key:
                problem(f"the column '{header.key}' must not be empty.", number, 1)
                continue
            if key in marks.rows:
                first = marks.lines[marks.rows[key]]
                problem(f"is given twice; first at line {first}.", number, cells[0][1], key)
                continue
            marks.rows[key] = at
            table.data[key] = row  # type: ignore[call-overload]
        else:
            marks.rows[len(table.data)] = at
            table.data.append(row)  # type: ignore[union-attr]
        marks.lines.append(number)
        marks.columns.extend(column for _, column in cells)


class _Columns:
    """The header of a table: which field each column fills."""

    def __init__(self, entity: type[Entity], keyed: bool, file: str, path: Path) -> None:
        self.entity, self.keyed, self.file, self.path = entity, keyed, file, path
        self.key = singular(entity)
        self.names: list[Header | None] = []
        self.problems: list[Problem] = []
        self.absent: set[str] = set()

    def read(self, cells: Cells, line: int) -> None:
        """Read the header row."""
        for position, (text, column) in enumerate(cells):
            message = "" if text.startswith("#") else self._fault(text, position)
            if message:
                place = (self.file, line, column)
                self.problems.append(Problem(self.path, message, "error", *place))
            is_key = self.keyed and position == 0
            fills = not message and not text.startswith("#") and not is_key
            self.names.append(tuple(text.split(".")) if fills else None)
        given = {name[0] for name in self.names if name}
        for name, info in self.entity.model_fields.items():
            if info.is_required() and name not in given:
                self.absent.add(name)
                message = f"the column '{name}' is missing: {info.description}"
                place = (self.file, line, 1)
                self.problems.append(Problem(self.path, message, "error", *place))

    def record(self, cells: Cells) -> dict[str, object]:
        """The record in a line of cells."""
        out: dict[str, object] = {}
        for name, (text, _) in zip(self.names, cells, strict=True):
            if name is None or not text:
                continue
            inner = out
            for part in name[:-1]:
                inner = inner.setdefault(part, {})  # type: ignore[assignment]
            inner[name[-1]] = text
        return out

    def _fault(self, text: str, position: int) -> str:
        """What is wrong with a header; nothing if it names a field."""
        if self.keyed and position == 0:
            first = f"the first column must be '{self.key}', not '{text}'."
            return "" if text == self.key else first
        if not text:
            return f"column {position + 1} has no header."
        name = tuple(text.split("."))
        if name[0] not in self.entity.model_fields:
            known = list(self.entity.model_fields)
            nearest = did_you_mean(name[0], known) or f" Known: {', '.join(known)}."
            return f"no column of this table is called '{text}'.{nearest}"
        return self._misuse(text, name)

    def _misuse(self, text: str, name: Header) -> str:
        """What is wrong with the header of a known field, beside the columns before it."""
        if name in self.names:
            return f"the column '{text}' is given twice."
        nested = of_field(self.entity.model_fields[name[0]]).kind in ("steps", "map")
        if len(name) > 1 and (not nested or len(name) > 2 or not name[1]):
            return f"'{name[0]}' has no part '{'.'.join(name[1:])}'."
        same = [other for other in self.names if other and other[0] == name[0]]
        if same and (len(name) == 1 or len(same[0]) == 1):
            return f"'{text}' and '{'.'.join(same[0])}' cannot both be columns."
        return ""


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def _cells(line: str, number: int) -> Cells:
    if '"' not in line:
        return list(_plain(line.split(",")))
    out: Cells = []
    position = 0
    while True:
        if found := _QUOTED.match(line, position):
            out.append((found[1].replace('""', '"').strip(), found.start(1) + 1))
            position = found.end()
        else:
            end = line.find(",", position)
            text = line[position : len(line) if end < 0 else end]
            if '"' in text:
                where = position + text.index('"') + 1
                raise Refusal(
                    "a quote must open and close a whole cell on one line, and be doubled in it.",
                    number,
                    where,
                )
            out.extend(_plain([text], position))
            position += len(text)
        if position >= len(line):
            return out
        position += 1


def _plain(parts: Iterable[str], position: int = 0) -> Iterator[tuple[str, int]]:
    for part in parts:
        text = part.strip()
        lead = len(part) - len(part.lstrip()) if text else 0
        yield text, position + lead + 1
        position += len(part) + 1
