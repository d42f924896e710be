"""The JSON Schemas of instances and of study files: completion and checks in editors."""

import json
import re
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from models.currencies import PATTERN
from models.instance import Instance
from models.shape import singular, tables
from optimizer.study.definition import StudyFile
from optimizer.study.shapes import NEEDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


_KEYWORDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
"""Bounds that pydantic leaves in its own words, with those of JSON Schema."""


class _Generator(GenerateJsonSchema):
    """Without warnings of empty defaults, which need no place in the schema."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an instance; each table may also name a CSV file."""
    schema = Instance.model_json_schema(schema_generator=_Generator)
    _tidy(schema)
    for path, shape in tables(Instance).items():
        holder = schema
        for part in path[:-1]:
            name = holder["properties"][part]["$ref"].rpartition("/")[2]
            holder = schema["$defs"][name]
        what = holder["properties"][path[-1]]
        default = {"default": what.pop("default")} if "default" in what else {}
        text = what.pop("description", "") or f"Table of {singular(shape.entity)} records."
        csv = {"type": "string", "pattern": r"\.[cC][sS][vV]$", "description": "Name of a CSV file"}
        holder["properties"][path[-1]] = {"description": text, "anyOf": [what, csv], **default}
    _allow_currencies(schema)
    return {"$schema": DIALECT, "title": "buildplan instance", **schema}


def study_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a study file."""
    schema = StudyFile.model_json_schema(schema_generator=_Generator)
    _tidy(schema)
    schema["$defs"]["Distribution"]["allOf"] = [
        {
            "if": {"properties": {"distribution": {"const": kind}}},
            "then": {"required": list(needed)},
        }
        for kind, (needed, _) in NEEDS.items()
        if needed
    ]
    return {"$schema": DIALECT, "title": "buildplan study", **schema}


def schema_text() -> str:
    """The schema of instances as the text of a file."""
    return _text(json_schema())


def study_schema_text() -> str:
    """The schema of study files as the text of a file."""
    return _text(study_schema())


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _allow_currencies(schema: dict[str, Any]) -> None:
    """Fields of money also take amounts with a currency, such as "12.5 EUR 2024"."""
    amount = {"type": "string", "pattern": PATTERN, "examples": ["12.5 EUR 2024"]}
    for record in schema["$defs"].values():
        for name, field in record.get("properties", {}).items():
            if not re.search(r"\[M?USD\b", field.get("description", "")):
                continue
            kept = {key: field.pop(key) for key in ("description", "default") if key in field}
            kinds = field.pop("anyOf", None) or [field]
            for kind in kinds:
                if "additionalProperties" in kind:
                    kind["additionalProperties"] = {"anyOf": [kind["additionalProperties"], amount]}
            texts = [] if any(kind.get("type") == "string" for kind in kinds) else [amount]
            record["properties"][name] = {**kept, "anyOf": [*kinds, *texts]}


def _tidy(schema: Any) -> None:
    """Drop titles, which only repeat names; write bounds in JSON Schema's words; close tables."""
    if isinstance(schema, list):
        for part in schema:
            _tidy(part)
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("title"), str):
        del schema["title"]
    if schema.get("type") in ("integer", "number"):
        for word, keyword in _KEYWORDS.items():
            if word in schema:
                schema[keyword] = schema.pop(word)
    if "patternProperties" in schema:
        schema["additionalProperties"] = False
        if "minLength" in schema:
            schema["minProperties"] = schema.pop("minLength")
    for part in schema.values():
        _tidy(part)
