"""Dotted paths: from the words of a path to the places in an instance's data that it means."""

from collections.abc import Iterable
from difflib import get_close_matches

from models import edits
from models.calendar import parse_day
from models.edits import ChangeError, Place
from models.shape import Shape, of_field

EVERY = "*"
"""In a path: every name."""


class Walk:
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
                raise ChangeError(no_such("field", name, fields, self.names[:used], rest[1:]))
            shape = of_field(fields[name])
            return self.places(Place(value, name, shape, (*place.path, name)), used + 1)
        if kind == "rows":
            return self._rows(place, used)
        if kind not in ("table", "map", "steps"):
            raise ChangeError(f"'{'.'.join(self.names[:used])}' has no parts, so no '{name}'.")
        inside = edits.entries(place)
        if name != EVERY:
            key = self._date(name, used) if kind == "steps" else name
            inside = [entry for entry in inside if entry.key == key]
            if not inside and kind == "steps" and self.setting:
                inside = [Place(place.value, key, Shape("number"), (*place.path, key))]
            if not inside:
                raise ChangeError(no_such("entry", name, place.value, self.names[:used], rest[1:]))
        return [found for entry in inside for found in self.places(entry, used + 1)]

    def _date(self, name: str, used: int) -> str:
        """The key of a date; what is none may be a mistyped operation, such as 'scal'."""
        try:
            return edits.date_key(name)
        except ChangeError:
            near = get_close_matches(name, edits.ACTIONS, n=1, cutoff=0.6)
            if not near or used + 1 < len(self.names):
                raise
            meant = ".".join([*self.names[:used], near[0]])
            message = f"'{name}' is neither a date nor an operation. Did you mean '{meant}'?"
            raise ChangeError(message) from None

    def _rows(self, place: Place, used: int) -> list[Place]:
        rows = edits.held(place, list)
        chosen = list(range(len(rows)))
        columns = place.shape.entity.key
        for column, name in zip(columns, self.names[used:], strict=False):
            if name != EVERY:
                wanted = _day_or_text(name) if column in _DATES else name
                left = [one for one in chosen if _key(rows[one], column) == wanted]
                if not left:
                    known = {str(_key(rows[one], column)) for one in chosen}
                    after = self.names[used + 1 :]
                    what = column.replace("_", " ")
                    raise ChangeError(no_such(what, name, known, self.names[:used], after))
                chosen = left
            used += 1
        shape = Shape("record", place.shape.entity)
        inside = [Place(rows, one, shape, (*place.path, one)) for one in chosen]
        return [found for entry in inside for found in self.places(entry, used)]


_DATES = ("date", "in_service")
"""Key columns that hold dates."""


def _key(row: object, column: str) -> object:
    value = row.get(column) if isinstance(row, dict) else None
    if column in _DATES:
        return _day_or_text(value)
    return str(value) if isinstance(value, int) else value


def _day_or_text(value: object) -> object:
    try:
        return parse_day(value)
    except ValueError:
        return value


def no_such(
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
