"""The shape of the instance format, read from the types: records, tables, rows, steps, values."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from models.entities.base import Entity

Kind = Literal["record", "table", "rows", "steps", "map", "list", "number", "whole", "other"]


_VALUES: dict[object, Kind] = {float: "number", int: "whole"}


class Shape(NamedTuple):
    """What stands in a field; `entity` is the record, or that of each entry of a table."""

    kind: Kind
    entity: type[Entity] = Entity


def of_field(field: FieldInfo) -> Shape:
    """The shape of one field of a record."""
    return of_type(field.annotation)


def of_type(annotation: Any) -> Shape:
    """The shape that a type annotation describes; an optional type counts as the type."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Annotated, Union, UnionType):
        return of_type(next(arg for arg in args if arg is not NoneType))
    if origin is dict:
        if args[0] is date:
            return Shape("steps")
        entry = of_type(args[1])
        if entry.kind == "record":
            return Shape("table", entry.entity)
        return Shape("map" if entry.kind in ("number", "whole") else "other")
    if origin is tuple:
        entry = of_type(args[0])
        return Shape("rows", entry.entity) if entry.kind == "record" else Shape("list")
    is_record = isinstance(annotation, type) and issubclass(annotation, Entity)
    return Shape("record", annotation) if is_record else Shape(_VALUES.get(annotation, "other"))


@lru_cache
def of_fields(entity: type[Entity]) -> dict[str, Shape]:
    """The shape of each field of a record."""
    return {name: of_field(field) for name, field in entity.model_fields.items()}


def singular(entity: type[Entity]) -> str:
    """The word for one record, as in CSV headers: UnitType is unit_type."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", entity.__name__).lower()


@lru_cache
def tables(record: type[Entity]) -> dict[tuple[str, ...], Shape]:
    """All tables of a record and of the records in it, by their path."""
    return dict(_tables(record))


def _tables(record: type[Entity]) -> Iterator[tuple[tuple[str, ...], Shape]]:
    for name, shape in of_fields(record).items():
        if shape.kind in ("table", "rows"):
            yield (name,), shape
        elif shape.kind == "record":
            for path, inner in _tables(shape.entity):
                yield (name, *path), inner


def unit(field: FieldInfo | None) -> str:
    """The unit in a field's description, without where it is measured: ' MW', or nothing."""
    found = re.search(r"\[([^\]]+)\]", (field and field.description) or "")
    text = found[1].partition(" at ")[0] if found else ""
    return f" {text}" if text not in ("", "ratio", "per year") else ""


def field_at(record: type[Entity], path: tuple[str | int, ...]) -> FieldInfo | None:
    """The field that a path of keys and positions leads to, or leads into."""
    current: type[Entity] = record
    field: FieldInfo | None = None
    steps = iter(path)
    for step in steps:
        if (field := current.model_fields.get(str(step))) is None:
            return None
        shape = of_field(field)
        if shape.kind in ("table", "rows"):
            next(steps, None)
        elif shape.kind != "record":
            return field
        current = shape.entity
    return field


def record_at(record: type[Entity], path: tuple[str | int, ...]) -> type[Entity]:
    """The innermost record that a path enters."""
    current = record
    steps = iter(path)
    for step in steps:
        if (field := current.model_fields.get(str(step))) is None:
            break
        shape = of_field(field)
        if shape.kind not in ("table", "rows", "record"):
            break
        if shape.kind != "record" and next(steps, None) is None:
            break
        current = shape.entity
    return current
