"""The Pyomo objects behind the columns and rows of a matrix; only what is asked for is made."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np

from models.wide import Positions
from optimizer.matrix import Flags


@dataclass(frozen=True)
class Source:
    """A component, and its objects one after the other.

    Attributes:
        component: the component.
        size: how many objects.
        given: the objects, if they are not those of the component in their order.
    """

    component: Any
    size: int
    given: list[Any] | None = None

    @classmethod
    def of(cls, component: Any) -> "Source":
        """All objects of a component."""
        return cls(component, len(component))

    @cached_property
    def objects(self) -> list[Any]:
        """The objects."""
        return list(self.component.values()) if self.given is None else self.given


class Behind(Sequence[Any]):
    """The objects of sources, one source after the other, or those at some places among them.

    Args:
        sources: the sources.
        places: of the objects that are meant, in their order; all if not given.
    """

    def __init__(self, sources: Sequence[Source], places: Positions | None = None) -> None:
        self.sources = list(sources)
        self.starts: Positions = np.cumsum([0, *(one.size for one in sources)], dtype=np.intp)
        self.places: Positions = np.arange(self.starts[-1]) if places is None else places

    def at(self, places: Positions) -> "Behind":
        """Those at some places."""
        return Behind(self.sources, self.places[places])

    def also(self, objects: list[Any]) -> "Behind":
        """These, and then further objects of one component."""
        if not objects:
            return self
        component = objects[0].parent_component()
        added = np.arange(self.starts[-1], self.starts[-1] + len(objects))
        sources = [*self.sources, Source(component, len(objects), objects)]
        return Behind(sources, np.concatenate([self.places, added]))

    @cached_property
    def owners(self) -> Positions:
        """The number of the source of each."""
        return np.searchsorted(self.starts, self.places, side="right") - 1

    def start(self, component: Any) -> int:
        """The place of the first object of a component."""
        return int(self.starts[self._number[id(component)]])

    @cached_property
    def _number(self) -> dict[int, int]:
        return {id(source.component): n for n, source in enumerate(self.sources)}

    def where(self, is_meant: Callable[[Any], bool]) -> Flags:
        """Which have a component that is meant."""
        meant = np.array([is_meant(one.component) for one in self.sources], bool)
        flags: Flags = meant[self.owners]
        return flags

    def named(self, *names: str) -> Positions:
        """The positions of those whose component has one of these names, in whatever block."""
        return np.flatnonzero(self.where(lambda component: component.local_name in names))

    def find(self, objects: Sequence[Any]) -> Positions:
        """The position of each of some objects; −1 for one that is not among these."""
        position = np.full(self.starts[-1], -1)
        position[self.places] = np.arange(len(self.places))
        known: dict[int, dict[int, int]] = {}
        found = np.full(len(objects), -1)
        for i, one in enumerate(objects):
            if (n := self._number.get(id(one.parent_component()))) is None:
                continue
            if n not in known:
                known[n] = {id(o): place for place, o in enumerate(self.sources[n].objects)}
            if id(one) in known[n]:
                found[i] = position[self.starts[n] + known[n][id(one)]]
        return found

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Any]:
        for n, place in zip(
            self.owners.tolist(), (self.places - self.starts[self.owners]).tolist(), strict=True
        ):
            yield self.sources[n].objects[place]

    @overload
    def __getitem__(self, at: int | np.integer) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> list[Any]: ...
    def __getitem__(self, at: int | np.integer | slice) -> Any:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        n = int(self.owners[at])
        return self.sources[n].objects[int(self.places[at] - self.starts[n])]
