"""What a worker is asked and what it answers: data only, never a model."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.instance import Instance
from models.problems import InstanceError
from optimizer.errors import SolveError
from optimizer.highs import Crew
from optimizer.options import Options
from optimizer.plan.plan import Plan
from optimizer.plan.store import write_plan
from optimizer.reuse import ModelKeeper
from optimizer.solve import Tools, solve_with
from optimizer.starts import Decisions


@dataclass(frozen=True)
class Request:
    """A case to solve.

    Attributes:
        key: the case's key.
        changes: what differs from the base instance.
        options: how to solve it.
        starts: decisions of plans to start from, the most promising first.
    """

    key: str
    changes: Mapping[str, Any]
    options: Options
    starts: tuple[Decisions, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The request as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Request":
        """A request from JSON."""
        options = Options(**told["options"])
        return cls(told["key"], told["changes"], options, tuple(told["starts"]))


@dataclass(frozen=True)
class Report:
    """What came of a request.

    Attributes:
        key: the case's key.
        folder: a folder with the plan, to be moved into its place; None if the case failed.
        failure: why the case failed.
        lost: True if the worker itself was lost, so that the case may not be to blame.
    """

    key: str
    folder: Path | None = None
    failure: str = ""
    lost: bool = False


class Bench:
    """Where a worker solves: the base instance, solver processes, and the last model."""

    def __init__(self, base: Instance) -> None:
        self.base = base
        self.crew = Crew()
        self._tools = Tools(self.crew, ModelKeeper().compiled)

    def solve(self, request: Request) -> Plan:
        """Solve a case. Raises InstanceError or SolveError."""
        inst = self.base.with_changes(request.changes) if request.changes else self.base
        plan = solve_with(self._tools, inst, request.options, starts=request.starts)
        if plan.objective_musd is not None and not plan.verified:
            refused = "; ".join(plan.violations[:3])
            raise SolveError(f"the plan that was found failed verification: {refused}")
        return plan

    def answer(self, request: Request, into: Path) -> str:
        """Solve a case and write its plan into a folder; return why it failed, or nothing.

        Raises OSError if the folder cannot be written, for that is no fault of the case.
        """
        try:
            plan = self.solve(request)
        except (InstanceError, SolveError, MemoryError) as error:
            return " ".join(str(error).split()) or "out of memory"
        write_plan(plan, into, csv=False)
        return ""
