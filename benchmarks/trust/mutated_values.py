"""Instances with values changed are read or refused; what is read fits the schema and JSON."""

import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.trust.corpus import copied
from benchmarks.trust.hostile import changed_values
from benchmarks.trust.part import Outcome
from benchmarks.trust.verbs import checked


def attempt(seed: int, folder: Path) -> Outcome:
    """Read an instance with changed values."""
    tree = changed(Random(f"structure {seed}"), folder, large=True)
    outcome = checked(folder)
    if outcome.kind != "accepted" or not isinstance(tree, dict):
        return outcome
    return _as_schema_says(tree) or _same_from_json(folder) or outcome


def changed(dice: Random, folder: Path, *, large: bool) -> Any:
    """The data of an instance with changed values, written into its folder."""
    from optimizer.instance_io import yaml12

    file = copied(dice, folder, large=large) / "instance.yaml"
    tree = changed_values(dice, yaml12.read(file.read_text(encoding="utf-8")).data)
    text = json.dumps(tree, ensure_ascii=dice.random() < 0.5, allow_nan=True)
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    return tree


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    from optimizer.schema import json_schema

    return Draft202012Validator(json_schema())


def _as_schema_says(tree: Any) -> Outcome | None:
    """Editors must not complain of what the reader accepts, but for numbers in quotes: cells of
    tables are text, so that the reader takes them everywhere."""
    if _validator().is_valid(tree):
        return None
    for error in _validator().iter_errors(_without_quotes(tree)):
        words = f"{list(error.absolute_path)}: {error.message}"[:1500]
        return Outcome("schema refuses it", bad=True, words=words)
    return None


def _without_quotes(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _without_quotes(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_without_quotes(value) for value in tree]
    if isinstance(tree, str):
        with suppress(ValueError):
            return float(tree)
    return tree


def _same_from_json(folder: Path) -> Outcome | None:
    """A plan's folder keeps its instance as JSON."""
    from models.instance import Instance
    from optimizer import read_instance
    from optimizer.hashing import instance_sha256

    inst = read_instance(folder)
    again = Instance.model_validate(json.loads(inst.model_dump_json()))
    if instance_sha256(again) != instance_sha256(inst):
        return Outcome("not the same from JSON", bad=True, words=inst.name)
    return None
