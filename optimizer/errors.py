"""Errors that are not the instance's fault."""

from collections.abc import Iterable


class SolveError(RuntimeError):
    """The solver failed: it crashed, ran out of memory, or gave an answer that cannot be used."""


ENDED_EARLY = "the search ended early, with the best plan until then"
"""How the reason of a plan begins that was in hand when the solver failed."""


def ended_early(error: SolveError) -> str:
    """The reason of a plan that was in hand when the solver failed."""
    return f"{ENDED_EARLY}: {error}"


def early_ends(reasons: Iterable[str]) -> tuple[str, ...]:
    """Those of a plan's reasons that say that its search ended early."""
    return tuple(why for why in reasons if why.startswith(ENDED_EARLY))


class ClusterError(SolveError):
    """A Dask cluster cannot be reached, or its workers cannot do what they are asked for."""


class StudyError(RuntimeError):
    """A study cannot go on: its folder cannot be written, or its workers cannot be started."""


class FamilyError(ValueError):
    """What was given as an own constraint family is none, or its file cannot be run."""


class PlanError(ValueError):
    """A plan's folder cannot be read, or does not belong to the instance."""
