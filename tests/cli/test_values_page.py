"""The page of values, from tables made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from optimizer import Plan, Values, solve
from optimizer.cli.show.values import values_in_words
from optimizer.values.costs import Known
from optimizer.values.estimates import UNKNOWN, Estimate
from optimizer.values.lever import Lever
from optimizer.values.table import frame
from tests.small import tiny

POWER = Lever("site_power", "oslo", "sites.oslo.grid_mw", "10 MW more", 10.0, "MW", {"a": 1})


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve(tiny())


def page(plan: Plan, changed: Known, estimate: Estimate, base: Known) -> str:
    table = frame([POWER], [estimate], {POWER.name: "optimal"}, base, {POWER.name: changed})
    return values_in_words(tiny(), Values(replace(plan), table, {}), None)


@pytest.mark.parametrize(
    ("base", "changed", "most", "between", "unsure"),
    [
        # Costs of 100 and 98, bounds of 90 and 85: from 85 − 100 to 98 − 90.
        ((90, 100), (85, 98), UNKNOWN.most, "-15.0 to 8.00", True),
        # What adds nothing is at most 0, and may be 0.
        ((90, 100), (85, 98), 0.0, "-15.0 to 0", True),
        ((99, 100), (85, 98), 0.0, "-15.0 to -1.00", False),
        ((100, 100), (100, 100), 0.0, "0 to 0", False),
    ],
)
def test_what_cannot_be_told_from_nothing(
    plan: Plan, base: Any, changed: Any, most: float, between: str, unsure: bool
) -> None:
    shown = page(plan, Known(*changed), Estimate(-1.0, -2.0, most), Known(*base))
    assert between in shown
    assert ("1 of them cannot be told from 0" in shown) == unsure


@pytest.mark.parametrize(("count", "shown"), [(6, "--set x5=1"), (7, "7 options, which are in")])
def test_a_law_that_stands_in_many_places_is_not_written_out(
    plan: Plan, count: int, shown: str
) -> None:
    law = replace(POWER, changes={f"x{i}": 1 for i in range(count)})
    known = {law.name: Known(80, 90)}
    table = frame([law], [UNKNOWN], {law.name: "optimal"}, Known(100, 100), known)
    assert shown in values_in_words(tiny(), Values(plan, table, {}), None)


def test_without_estimates_there_is_no_word_of_them(plan: Plan) -> None:
    shown = page(plan, Known(85, 98), UNKNOWN, Known(90, 100))
    assert "built" not in shown
    assert "sites" not in shown
    assert "built" in page(plan, Known(85, 98), Estimate(-1.0, -2.0, 0.0), Known(90, 100))
