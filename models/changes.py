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

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from models import edits
from models.edits import ChangeError, Place
from models.entities.base import Entity
from models.messages import problems_of
from models.origin import SourceMap, on_one_line
from models.paths import Walk, no_such
from models.problems import InstanceError, Path, Problem
from models.shape import of_field

if TYPE_CHECKING:
    from models.instance import Instance


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
        if words[0] == "currencies" and words[1:] != ["add"]:
            raise ChangeError("took effect when the instance was read; change it in its file.")
        action = edits.ACTIONS.get(words[-1]) if len(words) > 1 else None
        names = words[:-1] if action else words
        walk = Walk(names, setting=action is None)
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
        for path, text in reversed(self.paths):
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
        return old.after(moved, {path: f"change {text}" for path, text in self.paths})

    def _open(self, name: str, after: list[str]) -> Place:
        fields = type(self.inst).model_fields
        if name not in fields:
            raise ChangeError(no_such("field of an instance", name, fields, [], after))
        shape = of_field(fields[name])
        if name not in self.opened:
            self.opened.add(name)
            self.data[name] = _plain(self.data[name])
            if shape.kind == "rows":
                self.rows[name] = list(self.data[name])
        return Place(self.data, name, shape, (name,))

    @cached_property
    def paths(self) -> list[tuple[Path, str]]:
        """What was touched by which change, with rows at their last positions."""
        now = {
            id(row): place
            for name in self.rows
            if isinstance(table := self.data.get(name), list)
            for place, row in enumerate(table)
        }
        return [
            (path if row is None else (path[0], now[id(row)], *path[2:]), text)
            for path, row, text in self.touched
            if row is None or id(row) in now
        ]


def _plain(value: Any) -> Any:
    if isinstance(value, Entity):
        written = value.model_dump()
        return {n: list(one) if _is_rows(getattr(value, n)) else one for n, one in written.items()}
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if _is_rows(value):
        return [_plain(row) for row in value]
    return list(value) if isinstance(value, tuple) else value


def _is_rows(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Entity)
