"""Variables from 0 to a most each, as arrays."""

from collections.abc import Callable, Iterator
from math import isnan
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.core.base.var import IndexedVar, VarData

from models.wide.made import Made

Floats = NDArray[np.float64]


class WideVar(Made, IndexedVar):  # type: ignore[misc]
    """An indexed Var of continuous variables, none below 0.

    Args:
        index: their index, a Pyomo set.
        upper: returns the most that each may be, in the order of the index.

    Attributes:
        upper: what it returned; once there are objects, their bounds are what counts.
        level: their values, as last loaded, not a number where there is none; None without any.
    """

    def __init__(self, index: Any, upper: Callable[[], Floats], **words: Any) -> None:
        self.level: Floats | None = None
        self._most = upper
        super().__init__(index, **words)

    def construct(self, _: None = None) -> None:
        """Find the bounds."""
        if not self._constructed:
            self._constructed = True
            self.upper: Floats = np.asarray(self._most(), float)
            del self._most

    def bound(self, upper: Floats) -> None:
        """Give them other bounds."""
        self.upper = upper
        if self.is_made:
            for variable, most in zip(self.values(), upper.tolist(), strict=True):
                variable.setub(most)

    def load(self, values: Floats | None) -> None:
        """Give them values, or none."""
        self.level = values
        if self.is_made:
            for variable, value in zip(self.values(), self._levels(), strict=True):
                variable.set_value(value, skip_validation=True)

    def levels(self) -> Floats:
        """Their values; not a number where there is none."""
        if self.is_made:
            return np.array([variable.value for variable in self.values()], float)
        return np.full(len(self), np.nan) if self.level is None else self.level

    def above(self, least: float) -> Iterator[tuple[Any, float]]:
        """Index and value of those that are above a value."""
        levels, index = self.levels(), self.index_set()
        for place in np.flatnonzero(levels > least).tolist():
            yield index.at(place + 1), float(levels[place])

    def get_values(self, include_fixed_values: bool = True) -> dict[Any, float | None]:
        """Values by index, as of any Var."""
        if self.is_made:
            return super().get_values(include_fixed_values)  # type: ignore[no-any-return]
        return dict(zip(self.index_set(), self._levels(), strict=True))

    extract_values = get_values

    def _levels(self) -> list[float | None]:
        if self.level is None:
            return [None] * len(self)
        return [None if isnan(value) else value for value in self.level.tolist()]

    def _make(self) -> dict[Any, VarData]:
        made = {}
        for index, most, value in zip(
            self.index_set(), self.upper.tolist(), self._levels(), strict=True
        ):
            made[index] = one = VarData(component=self)
            one._index, one._domain = index, pyo.Reals
            one._lb, one._ub = 0, most
            if value is not None:
                one.set_value(value, skip_validation=True)
        return made
