"""Cross-checks on what is left of an instance when its invalid records are taken out."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from models.checks import ANY_NAME, Gaps, find_errors
from models.currencies import in_base_money
from models.instance import Instance
from models.problems import Path, Problem
from models.shape import tables


def find_between(data: dict[str, Any], bad: Iterable[Path]) -> list[Problem]:
    """The problems between the valid records of an instance's data, given where it is invalid."""
    data = in_base_money(Instance, data)
    gaps: Gaps = {}
    for path in bad:
        table = next((name for name in tables(Instance) if path[: len(name)] == name), None)
        if table is None or len(path) == len(table):
            gaps.setdefault(".".join(map(str, table or path[:1])), set()).add(ANY_NAME)
        else:
            gaps.setdefault(".".join(table), set()).add(path[len(table)])
    kept, positions = _without(data, gaps)
    problems = find_errors(_construct(kept, gaps), gaps)
    return [_moved_back(problem, positions) for problem in problems]


def _without(data: dict[str, Any], gaps: Gaps) -> tuple[dict[str, Any], dict[Path, list[int]]]:
    """The data without its invalid records, and the old positions of the rows that are left."""
    kept = dict(data)
    positions: dict[Path, list[int]] = {}
    for path in tables(Instance):
        names = gaps.get(".".join(path))
        holder = kept
        for part in path[:-1]:
            if not isinstance(holder.get(part), dict):
                break
            holder[part] = holder = dict(holder[part])
        table = holder.get(path[-1])
        if not names or not table:
            continue
        if isinstance(table, dict):
            holder[path[-1]] = {key: row for key, row in table.items() if key not in names}
        elif isinstance(table, list):
            positions[path] = [place for place in range(len(table)) if place not in names]
            holder[path[-1]] = [table[place] for place in positions[path]]
    return kept, positions


def _construct(data: dict[str, Any], gaps: Gaps) -> Instance:
    """An instance of the fields that are valid; the others become gaps."""
    values = {}
    for name, info in Instance.model_fields.items():
        if name not in data:
            if info.is_required():
                gaps.setdefault(name, set()).add(ANY_NAME)
            continue
        try:
            adapter: TypeAdapter[Any] = TypeAdapter(info.annotation or object)
            values[name] = adapter.validate_python(data[name])
        except ValidationError:
            gaps.setdefault(name, set()).add(ANY_NAME)
    return Instance.model_construct(**values)


def _moved_back(problem: Problem, positions: dict[Path, list[int]]) -> Problem:
    path = problem.path
    for size in range(1, len(path)):
        if (old := positions.get(path[:size])) and isinstance(path[size], int):
            return replace(problem, path=(*path[:size], old[int(path[size])], *path[size + 1 :]))
    return problem
