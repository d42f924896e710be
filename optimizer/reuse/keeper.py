"""The keeper: the compiled models of many instances, one after the other."""

from models.build import collector_paused, steps
from models.instance import Instance
from optimizer.compiling import CompiledModel, compile_model
from optimizer.reuse.building import Building, OtherStructureError


class ModelKeeper:
    """Compiles instances, each from what it kept of the one before.

    It returns what `compile_model(build_model(inst, merge=True), inst)` returns, to the last bit,
    whatever came before; instances that differ in data only come faster. It is made for one
    thread; and once the next compiled model is asked for, the one before must not be used any
    more: its variables serve the next one.

    Attributes:
        made: components of the latest model that were built for it, index sets aside.
        kept: its components that were taken over from the one before.
    """

    def __init__(self) -> None:
        self.made: tuple[str, ...] = ()
        self.kept: tuple[str, ...] = ()
        self._last: Building | None = None
        self._steps = steps(merge=True)

    def compiled(self, inst: Instance) -> CompiledModel:
        """The compiled model of an instance.

        Raises SolveError as `compile_model` does.
        """
        last, self._last = self._last, None
        with collector_paused():
            building = self._build(inst, last)
        compiled = compile_model(building.model, inst, building.parts)
        self.made, self.kept = tuple(building.made), tuple(building.kept)
        self._last = building
        return compiled

    def _build(self, inst: Instance, last: Building | None) -> Building:
        if last:
            try:
                return Building(inst, self._steps, last)
            except OtherStructureError:
                pass
        return Building(inst, self._steps)
