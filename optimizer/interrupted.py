"""Ctrl-C while what was found is put into its last form: at first it waits, then it is obeyed."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def see_through(do: Callable[[bool], T], interrupted: bool) -> tuple[T, bool]:
    """Do something even if Ctrl-C comes meanwhile: then all of it is done again.

    Args:
        do: is told whether Ctrl-C has come.
        interrupted: Ctrl-C has come before.

    Returns what was done, and whether Ctrl-C has come. Raises KeyboardInterrupt once it comes for
    the second time.
    """
    try:
        return do(interrupted), interrupted
    except KeyboardInterrupt:
        if interrupted:
            raise
        return do(True), True
