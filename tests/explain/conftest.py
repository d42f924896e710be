"""Solvers that all tests of explanations share: starting one takes longer than most questions."""

from collections.abc import Iterator
from functools import partial

import pytest

from optimizer import highs
from optimizer.own import compile_with
from optimizer.solve import Tools


@pytest.fixture(scope="session")
def tools() -> Iterator[Tools]:
    with highs.Crew() as crew:
        yield Tools(crew, partial(compile_with, ()))
