"""What to solve, and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

from optimizer.children import GRACE_S
from optimizer.cuts import Cuts
from optimizer.matrix import Floats, Matrix

Arrays = dict[str, NDArray[Any]]
"""Arrays by name."""

Status = Literal["optimal", "infeasible", "stopped", "failed"]


@dataclass(frozen=True)
class Start:
    """A plan to start from: values for all variables; only the whole ones are used."""

    x: Floats


@dataclass(frozen=True)
class Job:
    """What to solve and when to stop.

    Attributes:
        matrix: the problem.
        method: branch and bound ('mip'), interior point without crossover ('ipm': a bound, not a
            vertex), simplex ('simplex'), the relaxation with cuts ('cuts', see `tighten`), or
            rounding by turns ('dive', see `dive`).
        gap: relative gap at which a plan is good enough [ratio].
        time_limit: seconds from the start of the child [s]; None: no limit.
        threads: cores to use.
        seed: seed of random choices.
        start: a plan to start from.
        presolve: False to solve the problem as it stands.
        node_limit: most nodes of branch and bound; None: no limit. Unlike time it is the same on
            every machine.
        target: cost at which a plan is good enough, whatever its bound [MUSD]; None: none.
        root_by_ipm: solve the first relaxation of a 'mip' by interior point: faster for large ones.
        restart: False to keep a 'mip' from beginning anew with what it has learned at its root.
        beat: steps of a 'mip' after which, again and again, the caller is asked whether to go on;
            None: never. Like nodes they are the same on every machine.
        grace_s: how long it may take to end once it is asked to, before it is killed [s]; its best
            plan until then is kept.
        fine: True to let rows and whole numbers be missed by next to nothing: for scaled problems.
        extra: what 'cuts' and 'dive' read beside the problem, by name.
    """

    matrix: Matrix
    method: Literal["mip", "ipm", "simplex", "cuts", "dive"] = "mip"
    gap: float = 0.0
    time_limit: float | None = None
    threads: int = 1
    seed: int = 0
    start: Start | None = None
    presolve: bool = True
    node_limit: int | None = None
    target: float | None = None
    root_by_ipm: bool = False
    restart: bool = True
    beat: int | None = None
    grace_s: float = GRACE_S
    fine: bool = False
    extra: Arrays = field(default_factory=dict)

    def settings(self) -> dict[str, Any]:
        """The job without its arrays, as the child reads it."""
        return {
            "method": self.method,
            "gap": self.gap,
            "time_limit": self.time_limit,
            "threads": self.threads,
            "seed": self.seed,
            "presolve": self.presolve,
            "node_limit": self.node_limit,
            "target": self.target,
            "root_by_ipm": self.root_by_ipm,
            "restart": self.restart,
            "beat": self.beat,
            "fine": self.fine,
        }


@dataclass(frozen=True)
class Progress:
    """How far a solve has come: best plan and bound so far, if any [MUSD]; a new plan's values."""

    objective: float | None = None
    bound: float | None = None
    x: Floats | None = None


Beat = Callable[[int, Progress], bool]
"""Is told how many beats have passed and how far a solve has come; says whether it goes on."""


@dataclass(frozen=True)
class Outcome:
    """How a solve ended, with the best solution and bound, if any; iterations measure the work.

    `cuts` are what 'cuts' added below the problem's rows; `row_duals` then has theirs, too.
    """

    status: Status
    x: Floats | None = None
    bound: float | None = None
    row_duals: Floats | None = None
    message: str = ""
    iterations: int = 0
    cuts: Cuts | None = None
