"""Replaying a horizon: what it costs not to have known, and mistakes in the file."""

from pathlib import Path

import pytest

from models.problems import InstanceError
from optimizer import replay
from optimizer.replan.rolling import Replay, read_rolling

STORY = Path(__file__).parents[2] / "instances" / "two-quarters"


@pytest.fixture(scope="module")
def found() -> Replay:
    return replay(STORY / "replay.yaml")


def test_regret_is_what_hindsight_would_have_saved(found: Replay) -> None:
    # Planned in January and April; in October Oslo's 4 modules and Lulea with one are ordered:
    # 120 + 33 + 5 + 0.05 · 184 + 0.1 · (2 · 365 + 275 + 2 · 184)
    costs = [pytest.approx(326.5), pytest.approx(382.9), pytest.approx(304.5)]
    assert found.steps["cost_musd"].tolist() == costs
    assert found.steps["placed"].tolist() == [0, 1, 5]
    assert found.realised_musd == pytest.approx(304.5)
    # With hindsight Oslo's fifth module in October: 150 + 0.1 · (2 · 365 + 275 + 184 + 92)
    assert found.hindsight.objective_musd == pytest.approx(278.1)
    assert found.regret_musd == (pytest.approx(26.4), pytest.approx(26.4))


def test_the_first_plan_could_not_have_been_kept(found: Replay) -> None:
    assert found.unmoved is None
    assert "its grid connection carries 4 MW" in found.unmoved_note
    assert "regret           26.4 MUSD" in found.in_words()


def test_a_replay_is_kept_with_every_plan(found: Replay, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "replay")
    assert sorted(p.name for p in (folder / "plans").iterdir()) == ["0", "1", "2", "hindsight"]
    found.save(folder)
    assert (folder / "replay.json").is_file()


def written(folder: Path, text: str) -> Path:
    file = folder / "replay.yaml"
    file.write_text(text.replace("LAST", str(STORY / "last-quarter")), encoding="utf-8")
    return file


def test_a_first_plan_that_can_be_kept_says_what_planning_again_saves(tmp_path: Path) -> None:
    text = """
name: less demand
instance: LAST
steps:
  - date: 2027-10
    changes: {demand.nordics.chat.public.2027-10.mtok_s: 5}
"""
    found = replay(written(tmp_path, text))
    # The sixth module, 30 + 9.2, is ordered by nobody who knows that 5 Mtok/s are asked for.
    assert found.regret_musd == (pytest.approx(0, abs=1e-6), pytest.approx(0, abs=1e-6))
    assert found.unmoved is not None
    assert found.unmoved.objective_musd == pytest.approx(326.5)
    assert found.realised_musd == pytest.approx(326.5 - 39.2)


def test_a_price_that_rises_does_not_raise_what_is_ordered(tmp_path: Path) -> None:
    text = """
name: dearer modules
instance: LAST
steps:
  - date: 2027-07
    changes: {unit_types.module.capex_musd: 40}
"""
    found = replay(written(tmp_path, text))
    # Three modules were ordered for 30 each; the plan counts all six at 40.
    assert found.plans[-1].objective_musd == pytest.approx(326.5 + 60)
    assert found.agreed_musd == pytest.approx(-30)
    assert found.realised_musd == pytest.approx(326.5 + 30)


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    text = """
name: wrong
instance: LAST
steps:
  - date: 2027-07
    changes:
      sites.olso.grid_mw: 4
  - date: 2027-04
    changes: {horizon.count: 3}
  - date: 2029-01
"""
    with pytest.raises(InstanceError) as caught:
        read_rolling(written(tmp_path, text))
    told = str(caught.value)
    assert "replay.yaml:7" in told
    assert "no entry is called 'olso' under 'sites'" in told
    assert "replay.yaml:8" in told
    assert "must be after 2027-07-01" in told
    assert "must lie in the horizon, 2027-01-01 to 2028-01-01, but is 2029-01-01" in told
    with pytest.raises(InstanceError, match="no field of a step is called 'when'"):
        read_rolling(written(tmp_path, "name: x\ninstance: LAST\nsteps: [{when: 2027-04}]"))
    with pytest.raises(InstanceError, match="must be a table of fields"):
        read_rolling(written(tmp_path, "- 1"))
    with pytest.raises(InstanceError, match="no such file"):
        read_rolling(tmp_path / "none.yaml")
    other = "name: x\ninstance: LAST\nsteps: [{date: 2027-04, changes: {horizon.count: 3}}]"
    with pytest.raises(InstanceError, match="has other periods than the first instance"):
        read_rolling(written(tmp_path, other))
