"""How a command ends: the exit codes."""

from enum import IntEnum


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
