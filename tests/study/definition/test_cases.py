"""Named cases, sweeps and tornados: names, order and changes, written out by hand."""

from pathlib import Path

import pytest

from optimizer.study.case import Lever
from optimizer.study.reading import read_study
from tests.study.definition.conftest import BASE, ROOT, Read, changes


def test_own_changes_come_last_and_replace_inherited_ones(read: Read) -> None:
    study = read("""
cases:
  both: {extends: [less, late], changes: {demand.scale: 0.9, solve.gap: 0.1}}
  less: {changes: {demand.scale: 0.8, budget.pools.world.scale: 0.5}}
  late: {changes: {unit_types.gen2.available_from: 2027Q3}}
  later: {extends: late}
""")

    assert changes(study) == {
        "base": {},
        "both": {
            "budget.pools.world.scale": 0.5,
            "unit_types.gen2.available_from": "2027Q3",
            "demand.scale": 0.9,
            "solve.gap": 0.1,
        },
        "less": {"demand.scale": 0.8, "budget.pools.world.scale": 0.5},
        "late": {"unit_types.gen2.available_from": "2027Q3"},
        "later": {"unit_types.gen2.available_from": "2027Q3"},
    }
    # Changes are made in order, so the order matters: inherited ones first.
    assert list(study.cases[1].changes) == [
        "budget.pools.world.scale",
        "unit_types.gen2.available_from",
        "demand.scale",
        "solve.gap",
    ]


def test_parents_may_agree_and_the_case_may_decide(read: Read) -> None:
    study = read("""
cases:
  a: {changes: {demand.scale: 0.8, solve.gap: 0.1}}
  b: {changes: {demand.scale: 0.8, solve.gap: 0.2}}
  c: {extends: [a, b], changes: {solve.gap: 0.3}}
""")

    assert changes(study)["c"] == {"demand.scale": 0.8, "solve.gap": 0.3}


def test_changes_of_the_study_make_the_base(read: Read) -> None:
    study = read("changes: {demand.scale: 2}\nsolve: {gap: 0.02, time_limit_s: 9, seed: 4}\n")

    assert [row.mtok_s for row in study.base.demand] == [0.6, 0.2, 0.4, 0.1]
    assert changes(study) == {"base": {}}
    assert (study.gap, study.time_limit, study.seed) == (0.02, 9, 4)


def test_what_is_left_out_is_left_to_the_instance(read: Read) -> None:
    study = read("")

    assert (study.gap, study.time_limit, study.seed, study.levels) == (None, None, None, 0)


def test_a_sweep_is_the_full_grid_with_the_last_lever_fastest(read: Read) -> None:
    study = read("""
base: false
sweep:
  demand.scale: [0.9, 1.0]
  gen2:
    on-time: {}
    late: {unit_types.gen2.available_from: 2027Q3, unit_types.gen2.lead_months: 9}
""")
    late = {"unit_types.gen2.available_from": "2027Q3", "unit_types.gen2.lead_months": 9}

    assert changes(study) == {
        "sweep/demand.scale=0.9,gen2=on-time": {"demand.scale": 0.9},
        "sweep/demand.scale=0.9,gen2=late": {"demand.scale": 0.9, **late},
        "sweep/demand.scale=1,gen2=on-time": {"demand.scale": 1.0},
        "sweep/demand.scale=1,gen2=late": {"demand.scale": 1.0, **late},
    }
    assert [dict(case.levers) for case in study.cases] == [
        {"demand.scale": 0.9, "gen2": "on-time"},
        {"demand.scale": 0.9, "gen2": "late"},
        {"demand.scale": 1.0, "gen2": "on-time"},
        {"demand.scale": 1.0, "gen2": "late"},
    ]
    assert study.levers == {
        "sweep": (Lever("demand.scale", 0.9, 1.0), Lever("gen2", "on-time", "late"))
    }
    assert {case.group for case in study.cases} == {"sweep"}


def test_named_cases_are_an_axis_and_the_parts_stand_in_the_order_of_the_file(read: Read) -> None:
    study = read("""
sweep:
  - {cases: [base, less], solve.gap: [0.1]}
  - {solve.gap: [0.3, 0.2]}
cases:
  less: {changes: {demand.scale: 0.8}}
""")

    assert list(changes(study).items()) == [
        ("base", {}),
        ("sweep/cases=base,solve.gap=0.1", {"solve.gap": 0.1}),
        ("sweep/cases=less,solve.gap=0.1", {"demand.scale": 0.8, "solve.gap": 0.1}),
        ("sweep-2/solve.gap=0.3", {"solve.gap": 0.3}),
        ("sweep-2/solve.gap=0.2", {"solve.gap": 0.2}),
        ("less", {"demand.scale": 0.8}),
    ]
    assert study.levers["sweep"] == (Lever("cases", "base", "less"), Lever("solve.gap", 0.1, 0.2))


def test_values_that_make_no_name_are_called_by_their_position(read: Read) -> None:
    study = read("""
base: false
sweep:
  sites.oslo.grid_mw: [30, {2027-01: 20, 2029-01: 60}, "2027-01: 20; 2030-01: 9e1"]
  sites.nairobi.opened: [true]
""")

    names = ["30", "value-2", "value-3"]
    assert [case.levers["sites.oslo.grid_mw"] for case in study.cases] == [30, *names[1:]]
    assert [case.name for case in study.cases] == [
        f"sweep/sites.oslo.grid_mw={name},sites.nairobi.opened=true" for name in names
    ]


def test_a_tornado_moves_one_lever_at_a_time(read: Read) -> None:
    study = read("""
tornado:
  demand.scale: [0.8, 1.2]
  demand.kenya: {low: {}, high: {demand.scale: 1.1, demand.kenya.scale: 2}}
""")

    assert changes(study) == {
        "base": {},
        "tornado/demand.scale=low": {"demand.scale": 0.8},
        "tornado/demand.scale=high": {"demand.scale": 1.2},
        "tornado/demand.kenya=low": {},
        "tornado/demand.kenya=high": {"demand.scale": 1.1, "demand.kenya.scale": 2},
    }
    assert [dict(case.levers) for case in study.cases[1:]] == [
        {"demand.scale": 0.8},
        {"demand.scale": 1.2},
        {"demand.kenya": "low"},
        {"demand.kenya": "high"},
    ]
    assert study.levers["tornado"] == (
        Lever("demand.scale", 0.8, 1.2),
        Lever("demand.kenya", "low", "high"),
    )


def test_equal_instances_have_equal_hashes() -> None:
    study = read_study(ROOT / "instances" / "studies" / "southgate.yaml")
    same = study.sha256["base"]

    assert set(study.sha256) == {case.name for case in study.cases}
    assert same == study.sha256["sweep/demand.scale=1,cases=base"]
    assert same == study.sha256["tornado/rubin=low"]
    assert same != study.sha256["tight-money"]


@pytest.mark.parametrize("folder", [True, False])
def test_the_instance_is_found_from_the_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: bool
) -> None:
    """A relative path starts at the study's folder, not at the current one."""
    (tmp_path / "inst").mkdir()
    (tmp_path / "studies").mkdir()
    (tmp_path / "inst" / "instance.yaml").write_bytes(BASE.read_bytes())
    file = tmp_path / "studies" / "s.yaml"
    name = "../inst" if folder else "../inst/instance.yaml"
    file.write_text(f"name: t\ninstance: {name}\n", encoding="utf-8")
    monkeypatch.chdir("/")

    assert read_study(file).base.name == "Base"
