"""The keeper: the compiled models of many instances, one after the other."""

from models.build import collector_paused, steps
from models.instance import Instance
from optimizer.compiling import CompiledModel, compile_model
from optimizer.reuse.building import Building, OtherStructureError


class ModelKeeper:
    """Compiles instances, each from what it kept of the one before.

    What it returns is what `compile_model(build_model(inst, merge=True), inst)` returns, to the last
    bit, whatever came before; instances that differ in data only come faster. Keep one per process
    or thread. A compiled model must not be used any more once the next one was asked for: the
    variables move on.

    Attributes:
        made: the components of the last model that were built for it.
        kept: its components that stood already.
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
