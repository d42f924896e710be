"""How a command ends: the exit codes."""

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.plan import Plan


class Ending(IntEnum):
    """Exit codes; scripts rely on them."""

    DONE = 0
    """Done; for `solve`: a plan within the gap."""

    INFEASIBLE = 1
    """No plan exists."""

    BAD_INPUT = 2
    """The instance, an option or a folder cannot be used; everything wrong is listed."""

    STOPPED = 3
    """Stopped at a limit, with a plan in hand."""

    NO_PLAN = 4
    """Stopped with no plan, or something failed."""

    REFUSED = 5
    """The plan failed verification."""

    INTERRUPTED = 130
    """Interrupted by the user; a plan in hand was written first."""


def ending_of(plan: "Plan") -> Ending:
    """How a command ends that was asked for a plan."""
    endings = {
        "optimal": Ending.DONE,
        "feasible": Ending.STOPPED,
        "infeasible": Ending.INFEASIBLE,
        "unknown": Ending.NO_PLAN,
    }
    return endings[plan.status]
