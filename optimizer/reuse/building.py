"""Building a model out of the one before: a component whose numbers are the same moves over.

The formulas run as they stand in the families. What they read of the instance is noted component
by component: what a component's own rule read, and what its family read outside of rules until
then. For the next instance a component is built again if any of that is not the same; otherwise it
moves over, and its rule does not run. Variables always move over: if they are built again, only to
learn their bounds. So rows that moved over go on meaning the same.

This is exact as long as rules keep nothing for one another: what two of them need stands in the
model, or is read before the first of them. Where an index set is not the same, nothing moves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pyomo.environ as pyo

from models.build import Family
from models.instance import Instance
from models.wide import TupleSet, WideVar
from optimizer.parts import Bounds, Parts
from optimizer.reuse.reads import Notes, Path, changed, is_table, same, watched


class OtherStructureError(Exception):
    """The model of the next instance has other indices; nothing of the last one fits it."""


@dataclass
class _Step:
    """What one step of building added: components with what they read, and plain attributes."""

    components: dict[str, frozenset[Path]] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    reads: set[Path] = field(default_factory=set)
    """What was read outside of the rules of components."""

    def all_reads(self) -> frozenset[Path]:
        """Everything that was read."""
        return frozenset(self.reads).union(*self.components.values())


class _Model(pyo.ConcreteModel):  # type: ignore[misc]
    """A model that asks the building, while there is one, which component takes a name."""

    def __init__(self, name: str, building: "Building") -> None:
        super().__init__(name=name)
        self._building: Building | None = building

    def add_component(self, name: str, component: Any) -> None:
        """Add the component, or the one from the last model that stands for it."""
        if self._building is None:
            self.take(name, component)
        else:
            self._building.add(name, component)

    def take(self, name: str, component: Any) -> None:
        """Add this very component."""
        super().add_component(name, component)


class Building:
    """The model of one instance in the making; afterwards, what the next one is made from.

    Attributes:
        model: the model.
        parts: what is compiled of it.
        made: variables, expressions, constraints and objective that were built, in order.
        kept: those that moved over from the last model.
    """

    def __init__(
        self, inst: Instance, steps: Sequence[Family], last: "Building | None" = None
    ) -> None:
        self.model = _Model(inst.name, self)
        self.parts: Parts = last.parts if last else Parts()
        self.made: list[str] = []
        self.kept: list[str] = []
        self._last = last
        self._steps: list[_Step] = []
        self._sources: dict[str, Any] = {"inst": inst}
        self._changed: dict[Path, bool] = {}
        self._outdated = last is None
        self._notes = Notes()
        view = cast(Instance, watched(inst, ("inst",), self._notes))
        for add_to in steps:
            self._take(add_to, view)
        self._finish()

    def add(self, name: str, component: Any) -> None:
        """Add a component: the last model's if it may stand, else the one that is given."""
        reads = self._before().components.get(name)
        if reads is not None and not self._is_outdated(reads):
            self._keep(name, reads)
            return
        step, own = self._steps[-1], set[Path]()
        with self._notes.into(own):
            self.model.take(name, component)
        step.components[name] = frozenset(step.reads | own)
        if component.ctype is not pyo.Set:
            self.made.append(name)
        if self._last:
            self._settle(name, component)

    def _before(self) -> _Step:
        """What the step in hand added last time."""
        return self._last._steps[len(self._steps) - 1] if self._last else _Step()

    def _take(self, add_to: Family, inst: Instance) -> None:
        """Do one step, as far as last time's outcome does not stand."""
        self._steps.append(step := _Step())
        before = self._before()
        if self._is_outdated(before.all_reads()):
            others = set(vars(self.model))
            with self._notes.into(step.reads):
                add_to(self.model, inst)
            others |= set(step.components)
            step.attributes = {n: v for n, v in vars(self.model).items() if n not in others}
        else:
            for name, reads in before.components.items():
                self._keep(name, reads)
            step.reads, step.attributes = before.reads, before.attributes
        if self._last and not (
            list(step.components) == list(before.components)
            and same(_structure(step.attributes), _structure(before.attributes))
        ):
            raise OtherStructureError
        for name, value in step.attributes.items():
            self._sources[name] = value
            setattr(self.model, name, watched(value, (name,), self._notes))

    def _is_outdated(self, reads: Iterable[Path]) -> bool:
        return self._outdated or any(map(self._is_changed, reads))

    def _is_changed(self, path: Path) -> bool:
        if path not in self._changed:
            before = cast(Building, self._last)._sources
            self._changed[path] = changed(path, before, self._sources)
        return self._changed[path]

    def _keep(self, name: str, reads: frozenset[Path]) -> None:
        self._steps[-1].components[name] = reads
        self._move(name)
        if self.model.component(name).ctype is not pyo.Set:
            self.kept.append(name)

    def _move(self, name: str) -> None:
        """Move a component over from the last model."""
        old = cast(Building, self._last).model
        component = old.component(name)
        old.del_component(component)
        self.model.take(name, component)

    def _settle(self, name: str, component: Any) -> None:
        """Bring what was built again in line with what moves over from the last model."""
        before = cast(Building, self._last).model.component(name)
        if before is None:
            raise OtherStructureError(name)
        if component.ctype in (pyo.Set, pyo.Var):
            if _index(component) != _index(before):
                raise OtherStructureError(name)
            if component.ctype is pyo.Var:
                self._bound(before, component)
            self.model.del_component(component)
            self._move(name)
        elif component.ctype in (pyo.Constraint, pyo.Objective):
            self.parts.rows.pop(name, None)
        else:
            self._outdated = True

    def _bound(self, variable: Any, example: Any) -> None:
        """Give a component's variables the bounds of others."""
        old, new = self.parts.bounds[variable.name], Bounds.of(example)
        if not np.array_equal(old.whole, new.whole):
            raise OtherStructureError(variable.name)
        if isinstance(variable, WideVar):
            variable.bound(new.upper)
        else:
            moved = np.flatnonzero((old.lower != new.lower) | (old.upper != new.upper))
            ours, theirs = list(variable.values()), list(example.values())
            for i in moved.tolist():
                ours[i].bounds = theirs[i].bounds
        self.parts.bounds[variable.name] = new

    def _finish(self) -> None:
        """Make it a model like any other, without values."""
        for step in self._steps:
            for name, value in step.attributes.items():
                setattr(self.model, name, value)
        for source in self.parts.variables.sources:
            if isinstance(source.component, WideVar):
                source.component.load(None)
            else:
                for variable in source.objects:
                    variable.set_value(None, skip_validation=True)
        self.model._building = self._last = None


def _index(component: Any) -> Any:
    """What a set or a variable is indexed by, to be compared."""
    among = component.index_set() if isinstance(component, WideVar) else component
    return among.tuples if isinstance(among, TupleSet) else list(among)


def _structure(attributes: dict[str, Any]) -> dict[str, Any]:
    """Plain attributes as far as they must be the same; what stands in tables may change."""
    return {name: list(value) if is_table(value) else value for name, value in attributes.items()}
