"""What-ifs: a new instance from an old one, by changes at dotted paths.

A path walks along fields, the names of a table, the key columns of a list table and the dates of
dated values. `*` stands for every name; leaving out the last key columns means all their rows:

    sites.oslo.grid_mw                        a field
    sites.oslo.grid_mw.2028-01                its value from a date
    sites.*.energy_price_usd_per_mwh          a field of every site
    demand.kenya.inference                    all rows of a region and a workload
    throughput.gen1.inference.mtok_s          a field of one row

The last word says what is done; without one of these, the value replaces what stands there:

    .scale: x         multiply numbers; a record by its amount (a pool's grants, a row's mtok_s)
    .add: x           add to a number, or to a list; {name: record} to a table; {date: number} to
                      dated values; a row, or a list of them, to a list table
    .remove: true     remove it; an optional field falls back to its default
    .remove: names    remove these from a list or a table

A path must exist. What may be new: an optional field (it exists in the format), a date of dated
values, and what `.add` names. Whole numbers must stay whole. Values may be text.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from models import edits
from models.calendar import parse_day
from models.edits import ChangeError, Place
from models.entities.base import Entity
from models.messages import problems_of
from models.origin import SourceMap, on_one_line
from models.problems import InstanceError, Path, Problem
from models.shape import Shape, of_field

if TYPE_CHECKING:
    from models.instance import Instance

_ACTIONS: dict[str, Callable[[Place, object], None]] = {
    "scale": edits.scale,
    "add": edits.add,
    "remove": edits.remove,
}
_EVERY = "*"


def apply(inst: "Instance", changed: Mapping[str, object]) -> "Instance":
    """Return a new, checked instance with the changes made in order.

    Raises InstanceError with all changes that cannot be made, or, if all can, with everything
    that is wrong with the result.
    """
    draft = _Draft(inst)
    problems = []
    for path, value in changed.items():
        try:
            draft.change(str(path), value)
        except ChangeError as error:
            problems.append(on_one_line(Problem(tuple(str(path).split(".")), str(error))))
    if problems:
        raise InstanceError(problems)
    try:
        new = type(inst).model_validate(draft.data)
    except ValidationError as error:
        fields, between = problems_of(error, type(inst))
        traced = [on_one_line(draft.traced(one)) for one in fields + between]
        raise InstanceError(traced) from None
    new._origin = draft.origin()
    return new


class _Draft:
    """The data of an instance while it is changed; only the fields that change are copied."""

    def __init__(self, inst: "Instance") -> None:
        self.inst = inst
        self.data: dict[str, Any] = {name: getattr(inst, name) for name in type(inst).model_fields}
        self.rows: dict[str, list[Any]] = {}
        self.opened: set[str] = set()
        self.touched: list[tuple[Path, object, str]] = []

    def change(self, text: str, value: object) -> None:
        """Make one change."""
        words = text.split(".")
        action = _ACTIONS.get(words[-1]) if len(words) > 1 else None
        names = words[:-1] if action else words
        walk = _Walk(names, setting=action is None)
        places = walk.places(self._open(names[0], names[1:]), 1)
        if not places:
            raise ChangeError("matches nothing.")
        for place in reversed(places):
            in_row = len(place.path) > 1 and place.path[0] in self.rows
            row = self.data[str(place.path[0])][place.path[1]] if in_row else None
            self.touched.append((place.path, row, text))
            (action or edits.put)(place, value)

    def traced(self, problem: Problem) -> Problem:
        """A problem of the result, under the path of the change that caused it if one did."""
        for path, text in reversed(self._paths()):
            shared = min(len(path), len(problem.path))
            if tuple(map(str, path[:shared])) == tuple(map(str, problem.path[:shared])):
                inner = ".".join(str(part) for part in problem.path)
                plain = inner == text or text.startswith(f"{inner}.")
                message = problem.message if plain else f"{inner}: {problem.message}"
                return replace(problem, path=tuple(text.split(".")), message=message)
        origin: SourceMap | None = self.inst._origin
        return origin.locate([problem])[0] if origin else problem

    def origin(self) -> SourceMap | None:
        """Where the changed instance was written."""
        old: SourceMap | None = self.inst._origin
        if old is None:
            return None
        moved = {}
        for name, before in self.rows.items():
            positions = {id(row): place for place, row in enumerate(before)}
            moved[name] = [positions.get(id(row)) for row in self.data.get(name, ())]
        return old.after(moved, {path: f"change {text}" for path, text in self._paths()})

    def _open(self, name: str, after: list[str]) -> Place:
        fields = type(self.inst).model_fields
        if name not in fields:
            raise ChangeError(_no("field of an instance", name, fields, [], after))
        shape = of_field(fields[name])
        if name not in self.opened:
            self.opened.add(name)
            self.data[name] = _plain(self.data[name])
            if shape.kind == "rows":
                self.rows[name] = list(self.data[name])
        return Place(self.data, name, shape, (name,))

    def _paths(self) -> list[tuple[Path, str]]:
        """What was touched, with rows at their present positions."""
        out = []
        for path, row, text in self.touched:
            if row is None:
                out.append((path, text))
                continue
            table = self.data.get(str(path[0]))
            if isinstance(table, list):
                now = next((place for place, one in enumerate(table) if one is row), None)
                if now is not None:
                    out.append(((path[0], now, *path[2:]), text))
        return out


class _Walk:
    """The way from a field to the places that a path means."""

    def __init__(self, names: list[str], setting: bool) -> None:
        self.names, self.setting = names, setting

    def places(self, place: Place, used: int) -> list[Place]:
        """The places below a place, after the first `used` words of the path."""
        rest = self.names[used:]
        if not rest:
            return [place]
        kind, name = place.shape.kind, rest[0]
        if kind == "record":
            value = edits.held(place, dict)
            fields = place.shape.entity.model_fields
            if name not in fields:
                raise ChangeError(_no("field", name, fields, self.names[:used], rest[1:]))
            shape = of_field(fields[name])
            return self.places(Place(value, name, shape, (*place.path, name)), used + 1)
        if kind == "rows":
            return self._rows(place, used)
        if kind not in ("table", "map", "steps"):
            raise ChangeError(f"'{'.'.join(self.names[:used])}' has no parts, so no '{name}'.")
        inside = edits.entries(place)
        if name != _EVERY:
            key = edits.date_key(name) if kind == "steps" else name
            inside = [entry for entry in inside if entry.key == key]
            if not inside and kind == "steps" and self.setting:
                inside = [Place(place.value, key, Shape("number"), (*place.path, key))]
            if not inside:
                raise ChangeError(_no("entry", name, place.value, self.names[:used], rest[1:]))
        return [found for entry in inside for found in self.places(entry, used + 1)]

    def _rows(self, place: Place, used: int) -> list[Place]:
        rows = edits.held(place, list)
        chosen = list(range(len(rows)))
        columns = place.shape.entity.key
        for column, name in zip(columns, self.names[used:], strict=False):
            if name != _EVERY:
                wanted = _day_or_text(name) if column in _DATES else name
                left = [one for one in chosen if _key(rows[one], column) == wanted]
                if not left:
                    known = {str(_key(rows[one], column)) for one in chosen}
                    after = self.names[used + 1 :]
                    what = column.replace("_", " ")
                    raise ChangeError(_no(what, name, known, self.names[:used], after))
                chosen = left
            used += 1
        shape = Shape("record", place.shape.entity)
        inside = [Place(rows, one, shape, (*place.path, one)) for one in chosen]
        return [found for entry in inside for found in self.places(entry, used)]


_DATES = ("date", "in_service")
"""Key columns that hold dates."""


def _key(row: object, column: str) -> object:
    value = row.get(column) if isinstance(row, dict) else None
    return _day_or_text(value) if column in _DATES else value


def _day_or_text(value: object) -> object:
    try:
        return parse_day(value)
    except ValueError:
        return value


def _plain(value: Any) -> Any:
    if isinstance(value, Entity):
        return value.model_dump()
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, tuple) and value and isinstance(value[0], Entity):
        return [row.model_dump() for row in value]
    return list(value) if isinstance(value, tuple) else value


def _no(
    what: str,
    name: str,
    known: Iterable[str],
    before: list[str],
    after: list[str],
) -> str:
    """A message for a part of a path that does not exist, with the nearest path that does."""
    names = sorted(str(one) for one in known)
    near = get_close_matches(name, names, n=1, cutoff=0.4)
    where = f" under '{'.'.join(before)}'" if before else ""
    message = f"no {what} is called '{name}'{where}"
    if near:
        return f"{message}. Did you mean '{'.'.join([*before, near[0], *after])}'?"
    shown = ", ".join(names[:8])
    return f"{message}; there are: {shown or 'none'}."
