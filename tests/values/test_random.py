"""On random small instances exact values are differences of two optima that scipy finds alone."""

import shlex
from typing import Any

import pytest
from hypothesis import event, given

from models.instance import Instance
from optimizer import values
from optimizer.instance_io import parse_set
from tests.properties.common import examples
from tests.properties.strategies import instances
from tests.small import optimum


def check_values(raw: dict[str, Any]) -> None:
    """Each exact value, and that the interval holds it; moving a lever never costs anything."""
    inst = Instance.model_validate(raw)
    found = values(inst, top=3, workers=1)
    least = optimum(inst)
    solved = found.table[found.table["status"] != ""]
    event(f"levers solved: {len(solved)}")
    for row in solved.to_dict("records"):
        change = optimum(inst.with_changes(changes_in(row["set"]))) - least
        close = 3e-6 * max(1.0, abs(least))
        assert row["change_musd"] == pytest.approx(change, abs=close), row["lever"]
        assert row["change_low_musd"] - close <= change <= row["change_high_musd"] + close
        assert change <= close, f"{row['lever']} costs something"
    assert not found.failed


def changes_in(sets: str) -> dict[str, object]:
    """The changes of `--set` options as a shell would read them."""
    return parse_set([word for word in shlex.split(sets) if word != "--set"])


def check_interval(raw: dict[str, Any]) -> None:
    """With a wide gap the interval still holds the difference of the least costs."""
    inst = Instance.model_validate(raw)
    found = values(inst, top=2, gap=0.2, workers=1)
    least = optimum(inst)
    for row in found.table[found.table["status"] != ""].to_dict("records"):
        change = optimum(inst.with_changes(changes_in(row["set"]))) - least
        close = 3e-6 * max(1.0, abs(least))
        assert row["change_low_musd"] - close <= change <= row["change_high_musd"] + close


@pytest.mark.slow
@examples(2)
@given(instances())
def test_values_are_differences_of_two_optima(raw: dict[str, Any]) -> None:
    check_values(raw)


@pytest.mark.slow
@examples(50)
@given(instances())
def test_many_values_are_differences_of_two_optima(raw: dict[str, Any]) -> None:
    check_values(raw)


@pytest.mark.slow
@examples(15)
@given(instances())
def test_the_interval_holds_whatever_the_gap(raw: dict[str, Any]) -> None:
    check_interval(raw)
