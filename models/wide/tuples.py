"""An index: tuples of names, as positions in lists of names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import prod
from typing import Any, overload

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.core.base.set import OrderedSetOf

Positions = NDArray[np.intp]


class Tuples(Sequence[tuple[Any, ...]]):
    """Tuples in order, none twice.

    Attributes:
        names: for each part of the tuples, what can stand there.
        codes: for each part, its position among the names, tuple by tuple.
    """

    def __init__(self, names: Sequence[Sequence[Any]], codes: Sequence[Positions]) -> None:
        self.names = tuple(tuple(part) for part in names)
        self.codes = tuple(codes)

    @classmethod
    def of(cls, tuples: Iterable[tuple[Any, ...]], names: Sequence[Sequence[Any]]) -> "Tuples":
        """The tuples as they are given; their parts are among the names."""
        columns = list(zip(*tuples, strict=True)) or [()] * len(names)
        codes = []
        for part, known in zip(columns, names, strict=True):
            number = {name: i for i, name in enumerate(known)}
            codes.append(np.fromiter((number[name] for name in part), np.intp, len(part)))
        return cls(names, codes)

    @classmethod
    def routes(
        cls,
        places_of: Mapping[tuple[Any, Any], Sequence[Any]],
        places: Sequence[Any],
        names: tuple[Sequence[Any], Sequence[Any]],
    ) -> "Tuples":
        """(first, place, second) for each place that a pair has, pair by pair.

        Args:
            places_of: the places of each pair.
            places: all places.
            names: what the two parts of pairs can be.
        """
        pairs = cls.of(places_of, names)
        number = {place: i for i, place in enumerate(places)}
        found = [number[place] for those in places_of.values() for place in those]
        first, second = (
            np.repeat(codes, [len(those) for those in places_of.values()]) for codes in pairs.codes
        )
        return cls((names[0], places, names[1]), (first, np.array(found, np.intp), second))

    def positions(self, *codes: Positions) -> Positions:
        """Where tuples stand that are given by their codes; −1 where they are none of these."""
        return self._places[self._key(codes)]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tuples) or len(self) != len(other):
            return False
        if self.names == other.names:
            return all(map(np.array_equal, self.codes, other.codes))
        return list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(list(self))

    def __len__(self) -> int:
        return len(self.codes[0])

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        parts = zip(self.names, self.codes, strict=True)
        return zip(*([names[i] for i in codes.tolist()] for names, codes in parts), strict=True)

    def __contains__(self, item: object) -> bool:
        return item in self._members

    @overload
    def __getitem__(self, at: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> list[tuple[Any, ...]]: ...
    def __getitem__(self, at: int | slice) -> tuple[Any, ...] | list[tuple[Any, ...]]:
        if isinstance(at, slice):
            return list(self)[at]
        return tuple(names[codes[at]] for names, codes in zip(self.names, self.codes, strict=True))

    @cached_property
    def _members(self) -> frozenset[tuple[Any, ...]]:
        return frozenset(self)

    @cached_property
    def _places(self) -> Positions:
        """For each combination of names, where it stands among the tuples."""
        places = np.full(prod(map(len, self.names)), -1)
        places[self._key(self.codes)] = np.arange(len(self))
        return places

    def _key(self, codes: Sequence[Positions]) -> Positions:
        """One number for each tuple."""
        key: Positions = np.zeros(len(codes[0]), np.intp)
        for part, known in zip(codes, self.names, strict=True):
            key = key * len(known) + part
        return key


class TupleSet(OrderedSetOf):  # type: ignore[misc]
    """A Pyomo set of tuples that stand in arrays.

    Attributes:
        tuples: the tuples.
    """

    def __init__(self, tuples: Tuples, **words: Any) -> None:
        self.tuples = tuples
        super().__init__(tuples, ctype=pyo.Set, **words)

    @property
    def dimen(self) -> int:
        """How many parts a tuple has."""
        return len(self.tuples.names)
