"""A function that fails at one of its calls, as on Ctrl-C or without a solver."""

from importlib import import_module
from itertools import count
from typing import Any

import pytest


def fail(patch: pytest.MonkeyPatch, place: str, error: BaseException, *calls: int) -> None:
    """Let a function, as a module of the optimizer knows it, raise an error at these of its calls.

    The first call is 1.
    """
    path, name = place.rsplit(".", 1)
    module, numbers = import_module(f"optimizer.{path}"), count(1)
    function = getattr(module, name)

    def failing(*given: Any, **named: Any) -> Any:
        if next(numbers) in calls:
            raise error
        return function(*given, **named)

    patch.setattr(module, name, failing)
