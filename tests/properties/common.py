"""What properties share: numbers of examples, what counts as the same cost, reuse of models."""

import os
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from models.build import build_model
from models.instance import Instance
from optimizer.compiling import compile_model
from optimizer.reuse import ModelKeeper

TIMES = float(os.environ.get("BUILDPLAN_EXAMPLES", "1"))
"""So many times the examples that each test asks for: a night's run takes 20 or more [ratio]."""

SEEDS = st.integers(0, 10**6)

RELATIVE = 1e-6


def examples(count: int) -> settings:
    """So many examples, the same ones in every run; machines may be busy."""
    return settings(
        max_examples=max(1, round(count * TIMES)),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def close(value: float) -> Any:
    return pytest.approx(value, rel=RELATIVE, abs=1e-6)


def assert_reused(walk: Iterable[Instance]) -> None:
    """Models kept from one instance to the next are those built anew, to the last bit."""
    keeper = ModelKeeper()
    for one in walk:
        ours, fresh = keeper.compiled(one).matrix, compile_model(build_model(one, merge=True), one)
        for name in ("cost", "row_lower", "row_upper", "lower", "upper"):
            assert (getattr(ours, name) == getattr(fresh.matrix, name)).all(), name
        assert (ours.rows.data == fresh.matrix.rows.data).all()
        assert (ours.rows.indices == fresh.matrix.rows.indices).all()
