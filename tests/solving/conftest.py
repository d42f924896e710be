"""A part of southgate, quick to solve, and its model."""

import pytest

from models.build import build_model
from models.instance import Instance
from optimizer import read_instance
from optimizer.compiling import CompiledModel, compile_model


@pytest.fixture(scope="module")
def southgate() -> Instance:
    """The first periods of southgate, quick to solve."""
    inst = read_instance("instances/southgate")
    return inst.with_changes({"horizon.months": [3, 3, 3, 3, 6]})


@pytest.fixture(scope="module")
def compiled(southgate: Instance) -> CompiledModel:
    return compile_model(build_model(southgate, merge=True), southgate)
