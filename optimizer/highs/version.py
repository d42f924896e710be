"""Which HiGHS is installed, and which ones are refused."""

from importlib.metadata import version as installed

from optimizer.errors import SolveError


def version() -> str:
    """The installed version of highspy."""
    return installed("highspy")


def check_version() -> None:
    """Raise SolveError for HiGHS 1.14, which calls wrong answers optimal."""
    if version().startswith("1.14."):
        raise SolveError(
            f"HiGHS {version()} is known to return wrong optima; install highspy 1.15.1 or later"
        )
