"""docs/concepts.md names things that exist, and leaves out no family and no formula."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from optimizer.schema import json_schema

ROOT = Path(__file__).parents[1]
TAG = re.compile(r"^ +\(([A-Z]\d)\) ", re.MULTILINE)
TICKED = re.compile(r"`([^`]+)`")


class Row(NamedTuple):
    """A concept; what stands in backquotes, and the tags."""

    concept: str
    fields: list[str]
    files: list[str]
    tags: list[str]
    tests: list[str]
    instance: str


def rows() -> list[Row]:
    found = []
    for line in (ROOT / "docs" / "concepts.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| concept"):
            concept, fields, files, tags, tests, instance = line.strip("| ").split(" | ")
            ticked = [TICKED.findall(cell) for cell in (fields, files, tests, instance)]
            found.append(Row(concept, *ticked[:2], tags.split(), ticked[2], *ticked[3]))
    return found


ROWS = rows()


def step(schema: dict[str, Any], part: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The part of the schema that a name leads to, through tables and lists."""
    if "$ref" in part:
        return step(schema, schema["$defs"][part["$ref"].rpartition("/")[2]], name)
    if name in part.get("properties", {}):
        return part["properties"][name]
    inner = [part.get("items"), part.get("additionalProperties"), *part.get("anyOf", ())]
    inner += part.get("patternProperties", {}).values()
    for one in inner:
        if isinstance(one, dict) and (found := step(schema, one, name)) is not None:
            return found
    return None


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json_schema()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.concept[:40])
def test_what_a_row_names_exists(row: Row, schema: dict[str, Any]) -> None:
    for field in row.fields:
        part: dict[str, Any] | None = schema
        for name in field.split("."):
            part = step(schema, part, name)
            assert part is not None, f"no field {field}"
    for file in row.files:
        assert (ROOT / "models" / file).is_file(), file
    assert row.tests, "no test"
    for test in row.tests:
        file, _, function = test.partition("::")
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert f"\ndef {function}(" in text, f"no test {test}"
    assert (ROOT / "instances" / row.instance / "instance.yaml").is_file(), row.instance


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.concept[:40])
def test_a_concept_has_a_test_outside_of_its_instance(row: Row) -> None:
    assert any("/" in test for test in row.tests)


def test_no_formula_and_no_family_is_left_out() -> None:
    formulas = set(TAG.findall((ROOT / "docs" / "formulation.md").read_text(encoding="utf-8")))
    assert {tag for row in ROWS for tag in row.tags} == formulas
    named = {file for row in ROWS for file in row.files if file.startswith("families/")}
    there = {f"families/{file.name}" for file in (ROOT / "models" / "families").glob("[a-z]*.py")}
    assert named == there


def test_the_readme_leads_to_it() -> None:
    assert "(docs/concepts.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
