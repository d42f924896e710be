"""Contingencies, protection and targets that cannot be meant: errors and warnings in words."""

from typing import Any

import pytest
from pydantic import ValidationError

from models.checks import find_warnings
from optimizer.cli.check import _facts
from tests.small import twins

ANY: dict[str, Any] = {"any-site": {"each": "site"}}
SOFT = [{"share": 0.5, "price_usd_per_mtok": 1}]


@pytest.mark.parametrize(
    ("says", "changes"),
    [
        ("contingencies.x: takes nothing away", {"contingencies": {"x": {}}}),
        ("contingencies.x.each: gives 'each' and 'sites'",
         {"contingencies": {"x": {"each": "site", "sites": ["oslo"]}}}),
        ("contingencies.x.sites.0: no site is called 'olso'",
         {"contingencies": {"x": {"sites": ["olso"]}}}),
        ("contingencies.x.operators.0: no operator",
         {"contingencies": {"x": {"operators": ["a"]}}}),
        ("contingencies.x.jurisdictions.0: no jurisdiction or bloc",
         {"contingencies": {"x": {"jurisdictions": ["XX"]}}}),
        ("contingencies.x.grid_regions.0: no grid region",
         {"contingencies": {"x": {"grid_regions": ["east"]}}}),
        ("contingencies.x.unit_types.gen9: no unit type is called 'gen9'",
         {"contingencies": {"x": {"unit_types": {"gen9": 6}}}}),
        ("protection.0.workload: no workload", {"protection": [{"workload": "chad", "share": 1}]}),
        ("protection.0.region: no region", {"protection": [{"region": "x", "share": 1}]}),
        ("protection.0.continent: no continent", {"protection": [{"continent": "x", "share": 1}]}),
        ("protection.0.data_class: no data class",
         {"protection": [{"data_class": "x", "share": 1}]}),
        ("protection.1: repeats an earlier row: chat is already given",
         {"protection": [{"workload": "chat", "share": s} for s in (1, 0.5)]}),
        ("protection.1: repeats an earlier row: everything", {"protection": [{"share": 1}] * 2}),
        ("contingencies.any-site: in 'any-site: oslo' no lawful site and no offer is left",
         {"contingencies": ANY, "protection": [{"share": 0.1}],
          "data_classes": {"public": {"compute": ["NO"]}}}),
    ],
)  # fmt: skip
def test_errors(says: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        twins(**changes)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [("share", 1.2), ("share", -0.1), ("weight", -1), ("each", "city"), ("holds_from", "soon"),
     ("unit_types", {"gen1": 0})],
)  # fmt: skip
def test_impossible_figures(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        twins(contingencies={"x": {"sites": ["oslo"], field: value}})


@pytest.mark.parametrize("target", [0, 1, 1.5])
def test_targets_lie_between_never_and_always(target: float) -> None:
    with pytest.raises(ValidationError, match="availability_target"):
        twins(workloads={"chat": {"availability_target": target}})


@pytest.mark.parametrize(
    ("says", "changes"),
    [
        ("contingencies: change nothing", {"contingencies": ANY}),
        ("protection: changes nothing", {"protection": SOFT}),
        ("contingencies.late: never happens",
         {"contingencies": ANY | {"late": {"sites": ["oslo"], "holds_from": 2040}},
          "protection": SOFT}),
        ("protection.1: protects nothing",
         {"contingencies": ANY, "protection": [*SOFT, {"region": "kenya", "share": 1}]}),
        ("workloads.chat.availability_target: changes nothing",
         {"workloads": {"chat": {"availability_target": 0.99}}}),
    ],
)  # fmt: skip
def test_warnings(says: str, changes: dict[str, Any]) -> None:
    found = [str(problem) for problem in find_warnings(twins(**changes))]
    assert [text for text in found if text.startswith(says)], found


def test_check_counts_the_states() -> None:
    """Two sites lost one by one, and Oslo once more under another name, for a year of two."""
    inst = twins(
        horizon={"start": 2027, "months": 12, "count": 2},
        contingencies=ANY | {"strait": {"sites": ["oslo"], "holds_from": 2028}},
        protection=SOFT,
    )
    facts = _facts(inst)

    assert facts["contingencies"] == 3
    assert facts["contingency_states"] == 5
    assert facts["contingency_states_modelled"] == 4
