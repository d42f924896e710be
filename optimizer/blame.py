"""Whose fault an error is that comes up at work on a plan: that of a plan the checker refuses."""

from collections.abc import Iterator
from contextlib import contextmanager

from models.problems import InstanceError
from optimizer.checking import verify
from optimizer.errors import PlanError
from optimizer.plan.plan import Plan


@contextmanager
def blaming(*plans: Plan) -> Iterator[None]:
    """Turn an error into a PlanError if one of the plans at work does not pass the checker.

    A plan's folder may have been changed, its certificate with it. What is read back is not
    checked each time, which would take long; but where it leads to an error, it is.
    """
    try:
        yield
    except (PlanError, InstanceError, MemoryError):
        raise
    except Exception as error:
        for plan in plans:
            if fault := _fault(plan):
                raise PlanError(f"the plan '{plan.name}' cannot be relied on: {fault}") from error
        raise


def _fault(plan: Plan) -> str:
    """The first thing that the checker finds; empty if it finds nothing."""
    if plan.instance is None:
        return ""
    found = verify(plan.instance, plan).violations
    return found[0].message if found else ""
