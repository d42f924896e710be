"""Pydantic's findings in a planner's words: what was found, and what is expected."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from models.entities.base import ALWAYS, Entity
from models.problems import InstanceError, Path, Problem, did_you_mean
from models.shape import field_at, of_field, record_at, singular, unit

_DATE = re.compile(r"datetime\.date\((\d+), (\d+), (\d+)\)")
_ALWAYS = ALWAYS.isoformat()

Detail = Mapping[str, Any]


def problems_of(error: ValidationError, root: type[Entity]) -> tuple[list[Problem], list[Problem]]:
    """The problems behind a validation error of a root record: of fields, and between records."""
    fields: list[Problem] = []
    between: list[Problem] = []
    for detail in error.errors(include_url=False):
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, InstanceError):
            between.extend(cause.problems)
        else:
            parts = (_written(part) for part in detail["loc"] if part != "[key]")
            path = tuple(part for part in parts if part != _ALWAYS)
            fields.append(Problem(path, _sentence(root, path, detail)))
    return fields, between


def _written(part: str | int) -> str | int:
    """A part of a path as it is written; pydantic names dates by their Python form."""
    found = _DATE.fullmatch(part) if isinstance(part, str) else None
    return date(*map(int, found.groups())).isoformat() if found else part


def shown(value: object) -> str:
    """A value as it stands in a message, cut to a reasonable length."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    text = text if len(text) <= 60 else text[:57] + "…"
    return text if isinstance(value, int | float) else f"'{text}'"


def _sentence(root: type[Entity], path: Path, detail: Detail) -> str:
    kind, value = detail["type"], detail["input"]
    if kind in _OF_FIELDS:
        return _OF_FIELDS[kind](root, path)
    if kind == "value_error":
        text = str(detail["ctx"]["error"])
        found = f", but is {shown(value)}" if text.startswith("must be") else ""
        return f"{text}{found}".removesuffix(".") + ("" if text.endswith("?") else ".")
    if kind == "too_short":
        return "must have at least one entry."
    if kind == "literal_error":
        expected = str(detail["ctx"]["expected"])
        names = expected.replace("'", "").replace(" or ", ", ").split(", ")
        return f"must be {expected}, but is {shown(value)}.{did_you_mean(value, names)}"
    if kind in _EXPECTED:
        field = field_at(root, path)
        expected = _EXPECTED[kind](detail.get("ctx", {}), unit(field))
        found = str(value).strip() if kind in _BOUNDS else shown(value)
        return f"must be {expected}, but is {found}.{_hint(kind, value)}"
    return f"is not valid: {detail['msg']} (found {shown(value)})."


def _missing(root: type[Entity], path: Path) -> str:
    field = field_at(root, path)
    text = field.description if field else None
    if field and not text:
        text = (of_field(field).entity.__doc__ or "").partition("\n")[0]
    return f"is missing: {text}" if text else "is missing."


def _unknown_field(root: type[Entity], path: Path) -> str:
    record = record_at(root, path[:-1])
    nearest = did_you_mean(path[-1], record.model_fields)
    nearest = nearest or f" Known: {', '.join(record.model_fields)}."
    return f"no field of {_article(singular(record))} is called '{path[-1]}'.{nearest}"


def _article(noun: str) -> str:
    noun = noun.replace("_", " ")
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"


def _hint(kind: str, value: object) -> str:
    if kind in ("float_parsing", "int_parsing") and isinstance(value, str):
        if any(ch.isdigit() for ch in value) and "," in value:
            return " Write numbers with a decimal point and without thousands separators."
        if value[:1].isdigit():
            return " Write the number alone, without its unit."
    if kind == "string_type" and isinstance(value, bool | int | float):
        return " Put it in quotes."
    return ""


def _number(_: Detail, unit_text: str) -> str:
    return f"a number{f' of{unit_text}' if unit_text else ''}"


def _whole(_: Detail, unit_text: str) -> str:
    return f"a whole number{f' of{unit_text}' if unit_text else ''}"


def _constant(text: str) -> Callable[[Detail, str], str]:
    return lambda _, __: text


_TABLE = _constant("a table of fields")
_ROWS = _constant("a list, or the name of a CSV file where it is a table")
_TRUTH = _constant("true or false")

_OF_FIELDS: dict[str, Callable[[type[Entity], Path], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_field,
}

_BOUNDS = ("greater_than_equal", "greater_than", "less_than_equal", "less_than")

_EXPECTED: dict[str, Callable[[Detail, str], str]] = {
    "greater_than_equal": lambda ctx, u: f"at least {ctx['ge']:g}{u}",
    "greater_than": lambda ctx, u: f"more than {ctx['gt']:g}{u}",
    "less_than_equal": lambda ctx, u: f"at most {ctx['le']:g}{u}",
    "less_than": lambda ctx, u: f"less than {ctx['lt']:g}{u}",
    "float_type": _number,
    "float_parsing": _number,
    "finite_number": _constant("a finite number"),
    "int_type": _whole,
    "int_parsing": _whole,
    "int_parsing_size": _whole,
    "int_from_float": _whole,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "string_type": _constant("text"),
    "string_pattern_mismatch": _constant("a name of letters, digits, '_' and '-'"),
    "string_too_long": lambda ctx, _: f"text of at most {ctx['max_length']} characters",
    "string_unicode": _constant("text"),
    "dict_type": _constant("a table, or the name of a CSV file where that is allowed"),
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "tuple_type": _ROWS,
    "list_type": _ROWS,
}
