"""How far apart the figures of each family of rules lie, as the solver is handed them."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from models.wide import Positions
from optimizer.compiling import CompiledModel
from optimizer.highs import Scaling, extremes
from optimizer.matrix import Floats

TAG = re.compile(r"\((\w+)\)")


@dataclass(frozen=True)
class Range:
    """The sizes of the coefficients of one family of rules, of its own and as handed over.

    Attributes:
        family: its tag in docs/formulation.md and its name.
        rows: how many rows it has.
        least: the smallest coefficient [units of the rows].
        most: the largest one [units of the rows].
        handed_least: the smallest coefficient that the solver is handed.
        handed_most: the largest one.
    """

    family: str
    rows: int
    least: float
    most: float
    handed_least: float
    handed_most: float

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def ranges(compiled: CompiledModel) -> list[Range]:
    """The range of each family of rules of a model that has rows, as they are declared."""
    matrix = compiled.matrix
    own = extremes(matrix.rows)
    scaling = Scaling.of(matrix)
    handed = own if scaling is None else extremes(scaling.matrix.rows)
    behind, found = compiled.constraints, []
    for n, source in enumerate(behind.sources):
        rows = np.flatnonzero(behind.owners == n)
        if len(rows):
            name = _name(source.component)
            found.append(Range(name, len(rows), *_ends(own, rows), *_ends(handed, rows)))
    return found


def together(found: Iterable[Range]) -> tuple[Range, ...]:
    """The ranges of several models, family by family."""
    known: dict[str, Range] = {}
    for one in found:
        other = known.get(one.family, one)
        known[one.family] = replace(
            one,
            rows=one.rows + (other.rows if other is not one else 0),
            least=min(one.least, other.least),
            most=max(one.most, other.most),
            handed_least=min(one.handed_least, other.handed_least),
            handed_most=max(one.handed_most, other.handed_most),
        )
    return tuple(known.values())


def _name(component: Any) -> str:
    tag = TAG.match(component.doc or "")
    words = component.local_name.replace("_", " ")
    return f"{tag[1]} {words}" if tag else words


def _ends(sizes: tuple[Floats, Floats], rows: Positions) -> tuple[float, float]:
    return float(sizes[0][rows].min()), float(sizes[1][rows].max())
