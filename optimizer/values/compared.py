"""The model of a changed instance beside the first: what is the same in both, and what that proves.

Streams that the first model cannot tell apart may differ in the other, which law does above all.
Then both are laid side by side once more with every stream alone.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from models.build import build_model
from models.instance import Instance
from optimizer.compiling import CompiledModel, compile_model
from optimizer.highs import Crew
from optimizer.values.relaxing import Places, adds_at_most


class Names:
    """Where the rows and the variables of a model stand, by name."""

    def __init__(self, compiled: CompiledModel) -> None:
        self._rows = _Position(compiled.constraints)
        self._columns = _Position(compiled.variables)

    def find(self, other: CompiledModel) -> tuple[Places, Places]:
        """For each row and each variable of another model its place in this one; −1 if new."""
        return self._rows.find(other.constraints), self._columns.find(other.variables)


class _Position:
    def __init__(self, components: Sequence[Any]) -> None:
        self.components = components
        self.position = {_key(one): n for n, one in enumerate(components)}

    def find(self, components: Sequence[Any]) -> Places:
        known, count = self.components, len(self.components)
        return np.array(
            [
                n if n < count and one is known[n] else self.position.get(_key(one), -1)
                for n, one in enumerate(components)
            ],
            dtype=np.intp,
        )


def _key(component: Any) -> tuple[str, object]:
    return component.parent_component().local_name, component.index()


class Proofs:
    """What changes of an instance can add to its least cost at most.

    Args:
        inst: the instance.
        base: its compiled model, with like streams merged.
    """

    def __init__(self, inst: Instance, base: CompiledModel) -> None:
        self.inst, self.matrix = inst, base.matrix
        self.groups = _groups(base)

    def adds_at_most(
        self, crew: Crew, moved: Instance, changed: CompiledModel, rows: Places, columns: Places
    ) -> float:
        """Of a changed instance and its compiled model, given what is the same [MUSD]."""
        most = adds_at_most(crew, self.matrix, changed.matrix, rows, columns)
        if most <= 0 or _groups(changed) == self.groups:
            return most
        apart = _apart(moved)
        own, names = self._apart
        return min(most, adds_at_most(crew, own.matrix, apart.matrix, *names.find(apart)))

    @cached_property
    def _apart(self) -> tuple[CompiledModel, Names]:
        own = _apart(self.inst)
        return own, Names(own)


def _apart(inst: Instance) -> CompiledModel:
    """The compiled model with every stream alone."""
    return compile_model(build_model(inst, merge=False), inst)


def _groups(compiled: CompiledModel) -> list[tuple[str, ...]]:
    return [group.members for group in compiled.model.groups.values()]
