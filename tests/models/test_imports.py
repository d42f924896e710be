"""Imports point one way: the domain knows nothing of what is around it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

MODELS = Path(__file__).parents[2] / "models"
ABOVE = {"optimizer", "highspy", "yaml", "pandas"}


def imported(file: Path) -> Iterator[str]:
    """The top-level packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("file", sorted(MODELS.rglob("*.py")), ids=lambda f: f.stem)
def test_models_import_nothing_that_stands_above_them(file: Path) -> None:
    assert not ABOVE & set(imported(file))
