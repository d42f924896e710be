"""Changes of an instance that leave its optimum as it was, or move it as foretold."""

import pytest
from hypothesis import event, given

from models.instance import Instance
from tests.properties.common import SEEDS, close, examples
from tests.properties.relations import RELATIONS
from tests.properties.test_together import ANY
from tests.properties.together import Raw, short, switched
from tests.small import optimum

OTHERS = [name for name in RELATIONS if name != "money in another unit"]
"""That one has a test of its own in tests/properties/test_together.py."""


def check(name: str, raw: Raw, seed: int) -> None:
    plain = switched(short(raw), seed, without=("objectives",))
    changed = RELATIONS[name].change(plain, seed)
    first, second = (optimum(Instance.model_validate(one)) for one in (plain, changed))
    event(f"changed: {changed != plain}")
    assert second / RELATIONS[name].factor == close(first)


@pytest.mark.parametrize("name", OTHERS)
@examples(4)
@given(raw=ANY, seed=SEEDS)
def test_the_optimum_is_as_foretold(name: str, raw: Raw, seed: int) -> None:
    check(name, raw, seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", OTHERS)
@examples(100)
@given(raw=ANY, seed=SEEDS)
def test_the_optimum_of_many_is_as_foretold(name: str, raw: Raw, seed: int) -> None:
    check(name, raw, seed)
