"""Places in the plain data of an instance, and what a change can do to them."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, NamedTuple

from models.calendar import parse_day
from models.entities.base import read_steps
from models.messages import shown
from models.problems import Path
from models.shape import Shape, of_fields, singular

_WHOLE = 1e-9
"""A product this close to a whole number is that number."""


class ChangeError(Exception):
    """A change that cannot be made; the message says why."""


class Place(NamedTuple):
    """Something in the data: what holds it, its key there, its shape, and its path."""

    holder: Any
    key: Any
    shape: Shape
    path: Path

    @property
    def value(self) -> Any:
        """What stands there; None if nothing does."""
        if isinstance(self.holder, dict):
            return self.holder.get(self.key)
        return self.holder[self.key]

    @property
    def dotted(self) -> str:
        """Its path as text."""
        return ".".join(map(str, self.path))


def put(place: Place, value: object) -> None:
    """Set what stands at a place."""
    if place.shape.kind != "record" or len(place.path) == 1:
        place.holder[place.key] = value
        return
    if not isinstance(value, Mapping):
        names = ", ".join(place.shape.entity.model_fields)
        raise ChangeError(f"is {_a(place)}, not a value; set one of its fields: {names}.")
    row = held(place, dict)
    kept = {name: row[name] for name in place.shape.entity.key if name in row}
    row.clear()
    row.update(kept | dict(value))


def scale(place: Place, factor: object) -> None:
    """Multiply the numbers at a place; of a record, its amount."""
    times = number(factor)
    for one in _numbers(place):
        _store(one, _amount(one) * times)


def add(place: Place, value: object) -> None:
    """Add to a number, a list, dated values or a table."""
    kind = place.shape.kind
    if kind == "list":
        more = value.split(";") if isinstance(value, str) else _items(value)
        items = [item.strip() if isinstance(item, str) else item for item in more]
        if known := [item for item in items if item in (place.value or ())]:
            raise ChangeError(f"already holds {shown(known[0])}.")
        place.holder[place.key] = [*_listed(place.value), *items]
    elif kind == "rows":
        given = [value] if isinstance(value, Mapping) else _items(value)
        rows = [dict(row) for row in given if isinstance(row, Mapping)]
        if len(rows) < len(given):
            raise ChangeError("takes a row, or a list of rows, each with its fields.")
        held(place, list).extend(rows)
    elif kind in ("table", "map") or (kind == "steps" and isinstance(value, Mapping)):
        _add_entries(place, value)
    else:
        for one in _numbers(place):
            _store(one, _amount(one) + number(value))


def remove(place: Place, value: object) -> None:
    """Remove what stands at a place (true), or the entries named from it."""
    if value is True or value == "true":
        if isinstance(place.holder, list):
            del place.holder[place.key]
        elif place.holder.pop(place.key, None) is None:
            raise ChangeError("is not set, so it cannot be removed.")
        return
    if value is False or value == "false":
        raise ChangeError("takes true, or the names to remove.")
    names = value.split(";") if isinstance(value, str) else _items(value)
    for name in (str(item).strip() for item in names):
        if place.shape.kind == "list":
            items = _listed(place.value)
            if name not in map(str, items):
                raise ChangeError(f"does not hold '{name}'.")
            place.holder[place.key] = [item for item in items if str(item) != name]
        elif place.shape.kind in ("table", "map", "steps"):
            entries = dated(place) if place.shape.kind == "steps" else held(place, dict)
            key = date_key(name) if place.shape.kind == "steps" else name
            if entries.pop(key, None) is None:
                raise ChangeError(f"has no entry '{name}'.")
        else:
            raise ChangeError("takes true: it holds no names.")


def dated(place: Place) -> dict[str, Any]:
    """The dated values at a place, by date as text; a single number gets the earliest date.

    There are none where nothing is set.
    """
    try:
        steps: Any = read_steps(place.value) if place.value else {}
    except ValueError as error:
        raise ChangeError(f"{error}.") from error
    out = {day.isoformat(): amount for day, amount in steps.items()}
    place.holder[place.key] = out
    return out


def date_key(text: str) -> str:
    """The key of a date among dated values."""
    try:
        return parse_day(text).isoformat()
    except ValueError as error:
        raise ChangeError(f"'{text}' {error}.") from error


def number(value: object) -> float:
    """A finite number, from a number or text."""
    try:
        out = float("nan") if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        out = float("nan")
    if not isfinite(out):
        raise ChangeError(f"takes a number, not {shown(value)}.")
    return out


def entries(place: Place) -> list[Place]:
    """What a place with parts holds: records, dated values, or values by name."""
    kind, shape = place.shape.kind, place.shape
    if kind in ("table", "rows"):
        inside = held(place, dict if kind == "table" else list)
        keys = list(inside) if kind == "table" else range(len(inside))
        return [
            Place(inside, key, Shape("record", shape.entity), (*place.path, key)) for key in keys
        ]
    values = dated(place) if kind == "steps" else held(place, dict)
    return [Place(values, key, Shape("number"), (*place.path, key)) for key in values]


def held(place: Place, kind: type) -> Any:
    """What a place with parts holds, as a dict or a list; an earlier change may have spoilt it."""
    if place.value is None:
        place.holder[place.key] = kind()
    if not isinstance(place.value, kind):
        raise ChangeError(f"'{place.dotted}' has no parts: it is {shown(place.value)}.")
    return place.value


def _numbers(place: Place) -> list[Place]:
    kind, entity = place.shape.kind, place.shape.entity
    if kind in ("number", "whole"):
        return [place]
    if kind == "steps" and place.value is None:
        raise ChangeError(f"{place.dotted} is not set, so there is no number to change.")
    if kind in ("steps", "map", "table", "rows"):
        return [one for entry in entries(place) for one in _numbers(entry)]
    if kind == "record":
        shapes = of_fields(entity)
        if entity.amount:
            path = (*place.path, entity.amount)
            return _numbers(Place(held(place, dict), entity.amount, shapes[entity.amount], path))
        able = [name for name in shapes if shapes[name].kind in ("number", "whole", "steps", "map")]
        inner = [name for name in shapes if shapes[name].kind in ("table", "record")]
        raise ChangeError(
            f"is {_a(place)}, which has no amount; name a field: {', '.join(able or inner)}."
        )
    raise ChangeError(f"is not a number: {place.dotted} is {shown(place.value)}.")


def _amount(place: Place) -> float:
    if place.value is None:
        raise ChangeError(f"{place.dotted} is not set, so there is no number to change.")
    return number(place.value)


def _store(place: Place, value: float) -> None:
    if place.shape.kind == "whole":
        nearest = round(value)
        if abs(value - nearest) > _WHOLE * max(1.0, abs(value)):
            low = int(value // 1)
            raise ChangeError(
                f"would make {place.dotted} {value:g}; it is a whole number: {low} or {low + 1}."
            )
        place.holder[place.key] = nearest
    else:
        place.holder[place.key] = value


def _add_entries(place: Place, value: object) -> None:
    if not isinstance(value, Mapping):
        raise ChangeError(f"takes new entries as {{name: …}}, not {shown(value)}.")
    steps = place.shape.kind == "steps"
    inside = dated(place) if steps else held(place, dict)
    for name, entry in value.items():
        key = date_key(str(name)) if steps else str(name)
        if key in inside:
            raise ChangeError(f"already has an entry '{name}'; set it instead.")
        inside[key] = dict(entry) if isinstance(entry, Mapping) else entry


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _listed(value: object) -> list[object]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(";")]
    return _items(value) if value else []


def _a(place: Place) -> str:
    noun = singular(place.shape.entity).replace("_", " ")
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"


ACTIONS: dict[str, Callable[[Place, object], None]] = {"scale": scale, "add": add, "remove": remove}
"""What may stand at the end of a path, to change what is there instead of setting it."""
