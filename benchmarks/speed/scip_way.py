"""SCIP as a way to solve a problem, with its own settings."""

from typing import Any

from benchmarks.speed.cases import Case
from benchmarks.speed.trace import Trace
from optimizer.crosscheck import scip as crosscheck
from optimizer.matrix import Matrix


def loaded(matrix: Matrix) -> Any:
    """A silent SCIP with the problem as it stands."""
    return crosscheck.loaded(matrix)[0]


def by_scip(scip: Any, case: Case, trace: Trace) -> None:
    """One branch and bound by SCIP on all variables."""
    from pyscipopt import SCIP_EVENTTYPE, Eventhdlr

    watched = SCIP_EVENTTYPE.BESTSOLFOUND | SCIP_EVENTTYPE.LPSOLVED | SCIP_EVENTTYPE.NODESOLVED

    def hear() -> None:
        sides = (scip.getPrimalbound(), scip.getDualbound())
        trace.hear(*(side if abs(side) < scip.infinity() else None for side in sides))

    class Listener(Eventhdlr):  # type: ignore[misc]
        def eventinit(self) -> None:
            self.model.catchEvent(watched, self)

        def eventexec(self, _: object) -> None:
            hear()

    scip.setParam("limits/gap", case.gap)
    scip.setParam("limits/time", case.time_s)
    scip.includeEventhdlr(Listener(), "listener", "plans and bounds as they come")
    scip.optimize()
    hear()
