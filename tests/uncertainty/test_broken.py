"""Broken scenarios: each mistake is told, on the line where it stands."""

from pathlib import Path

import pytest

from models.checks import find_warnings
from models.problems import InstanceError
from optimizer import read_instance
from tests.uncertainty.three import DEMAND, three

SHIPPED = Path(__file__).parents[2] / "instances" / "uncertain-demand" / "instance.yaml"

CASES = [
    ("probability: 0.45", "probability: 0.5", "must add up to 1, but add up to 1.05", "scenarios:"),
    ("probability: 0.45", "probability: 0", "must be more than 0", None),
    (
        "probability: 0.45",
        "likelihood: 0.45",
        "no field of a scenario is called 'likelihood'",
        None,
    ),
    (
        "chat.public.2028-01.mtok_s: 8",
        "chats.public.2028-01.mtok_s: 8",
        "Did you mean 'demand.nordics.chat.public.2028-01.mtok_s'?",
        None,
    ),
    ("chat.public.2028-01.mtok_s: 8", "chat.public.2028-01.mtok_s: -8", "must be at least 0", None),
    (
        "demand.nordics.chat.public.2028-01.mtok_s: 8",
        "horizon.count: 9",
        "horizon must be the same in all scenarios",
        None,
    ),
    (
        "demand.nordics.chat.public.2028-01.mtok_s: 8",
        "scenarios.boom.remove: true",
        "scenarios must be the same in all scenarios",
        None,
    ),
    (
        "demand.nordics.chat.public.2028-01.mtok_s: 8",
        "sites.oslo.operator: nobody",
        "no operator is called 'nobody'",
        None,
    ),
    (
        "    probability: 0.3\n    revealed: 2028-01",
        "    probability: 0.3",
        "needs the date from which on it is known",
        "boom:",
    ),
    (
        "solve:\n",
        "risk: {measure: worst}\nsolve:\n",
        "must be 'expected', 'cvar' or 'regret'",
        "risk:",
    ),
    ("solve:\n", "risk: {level: 1}\nsolve:\n", "must be less than 1", "risk:"),
    ("solve:\n", "risk: {weight: 1.5}\nsolve:\n", "must be at most 1", "risk:"),
]


@pytest.mark.parametrize(("old", "new", "says", "at"), CASES, ids=[case[2] for case in CASES])
def test_broken_by_one_change(
    old: str, new: str, says: str, at: str | None, tmp_path: Path
) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "instance.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    lines = file.read_text(encoding="utf-8").splitlines()
    where = at or new.splitlines()[0]
    line = next(n for n, one in enumerate(lines, 1) if where in one and not one.startswith("#"))

    with pytest.raises(InstanceError) as caught:
        read_instance(file)

    found = [one for one in caught.value.problems if says in str(one)]
    assert found, caught.value
    assert found[0].line == line, (found[0], line)
    assert len(caught.value.problems) <= 2


def test_all_broken_changes_are_told_at_once() -> None:
    wrong = {f"scenarios.{w}.changes": {f"{DEMAND}.mtok_s": -1, "sites.rome.grid_mw": 3}
             for w in ("mid", "high")}  # fmt: skip

    with pytest.raises(InstanceError) as caught:
        three().with_changes(wrong)

    told = str(caught.value)
    assert told.count("no entry is called 'rome'") == 2


def test_warnings() -> None:
    early = three().with_changes({"scenarios.mid.changes": {"demand.norway.scale": 2},
                                  "demand.norway.chat.public.2027.mtok_s": 1})  # fmt: skip
    assert any("nobody is to know" in one.message for one in find_warnings(early))
    certain = three(risk={"measure": "regret"}).with_changes({"scenarios.remove": True})
    assert [one.path for one in find_warnings(certain)] == [("risk", "measure")]
    assert find_warnings(three()) == []
