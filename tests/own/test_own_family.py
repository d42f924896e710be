"""Own families: the rule binds, is checked, and is never run unless the caller names it."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pyomo.environ as pyo
import pytest

from models.build import FAMILIES, build_model
from models.instance import Instance
from optimizer import FamilyError, load_family, read_instance, solve, verify
from optimizer.compiling import compile_model
from optimizer.search.neighbourhoods import Neighbourhoods
from tests.small import demands, tiny, twins

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SCRIPT = EXAMPLES / "own_family.py"


def at_most_three(m: pyo.ConcreteModel, inst: Instance) -> None:
    """No more than three units of one type at a site."""
    m.few = pyo.Constraint(m.ORDERS, rule=lambda m, *sut: m.order[sut] <= 3)


def test_the_example_script_binds() -> None:
    """Each country wants a site of its own; only the three that ask for most get one.

    A module costs 30 MUSD and makes 4 Mtok/s; a token that is not made costs 0.5 USD per Mtok for
    two years of 365 and 366 days: 0.5 · 63.1584 = 31.5792 MUSD for each Mtok/s. Sweden and Poland
    go without: 9 · 31.5792 = 284.2128 MUSD.
    """
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    without, with_rule, _, row = done.stdout.splitlines()
    assert without.endswith("opens berlin, paris, milan, warsaw, stockholm")
    assert with_rule.endswith("opens berlin, paris, milan")
    assert row.split() == ["own_family", "alpine", "2028", "3.0", "3.0", "0.0", "countries", "True"]


def test_the_rule_costs_what_it_forbids() -> None:
    inst = read_instance(EXAMPLES / "five_countries.yaml")
    free, ruled = solve(inst), solve(inst, families=[load_family(SCRIPT)])

    assert free.costs_musd["shortfall"] == pytest.approx(0)
    assert ruled.costs_musd["shortfall"] == pytest.approx(9 * 0.5 * 63.1584)
    assert ruled.verified
    assert ruled.status == "optimal"
    assert ruled.options["families"] == ["own_family"]
    assert "families" not in free.options


def test_the_check_of_the_family_is_run() -> None:
    """A plan that breaks the rule is refused by the family's own check and by its limit."""
    inst = read_instance(EXAMPLES / "five_countries.yaml")
    own = load_family(SCRIPT)
    plan = solve(inst)
    result = verify(inst, plan, families=[own])

    assert [one.message for one in result.violations] == [
        "alpine has sites in 5 countries, DE, FR, IT, PL, SE; 3 are allowed",
        "alpine 2028 uses 5 countries, but 3 is allowed",
        "the table limits is wrong about own_family alpine 2028",
    ]
    assert result.largest["own_family"] == 2


def test_a_plan_is_verified_with_its_families() -> None:
    inst = read_instance(EXAMPLES / "five_countries.yaml")
    own = load_family(SCRIPT)
    plan = solve(inst, families=[own])

    assert verify(inst, plan, families=[own]).passed
    messages = [one.message for one in verify(inst, plan).violations]
    assert "the plan was made with the family own_family; give it too" in messages


@pytest.mark.parametrize(("column", "value"), [("use", 2.0), ("unit", "MW"), ("binds", False)])
def test_own_limits_are_recomputed(column: str, value: Any) -> None:
    inst = read_instance(EXAMPLES / "five_countries.yaml")
    own = load_family(SCRIPT)
    plan = solve(inst, families=[own])
    limits = plan.tables["limits"]
    limits.loc[limits["limit"] == "own_family", column] = value

    found = verify(inst, plan, families=[own]).violations
    assert [one.message for one in found] == [
        "the table limits is wrong about own_family alpine 2028"
    ]


def test_functions_modules_and_objects_are_families() -> None:
    # 5 units are worth having; 3 may be ordered. 20 Mtok/s are short: 20 · 315.36 MUSD.
    module = ModuleType("few")
    module.add_to = at_most_three  # type: ignore[attr-defined]
    for family in (at_most_three, module, SimpleNamespace(add_to=at_most_three)):
        plan = solve(tiny(), families=[family])
        assert plan.verified
        assert plan.units_ordered("oslo", "gen1", 2027) == 3
        assert plan.objective_musd == pytest.approx(3 * 40 + 20 * 315.36)


def test_progress_tells_of_plans_that_keep_the_rule() -> None:
    heard: list[Any] = []
    plan = solve(tiny(), families=[at_most_three], on_progress=heard.append)

    assert plan.units_ordered("oslo", "gen1", 2027) == 3
    checked = [one for one in heard if one.stage == "plan passed the checker"]
    assert all(one.objective is None or one.objective >= 6426 for one in checked)


def test_a_check_refuses_the_plan_that_solve_found() -> None:
    family = SimpleNamespace(
        __name__="stern", add_to=lambda m, inst: None, check=lambda inst, tables: ["never"]
    )
    plan = solve(tiny(), families=[family])

    assert not plan.verified
    assert plan.violations == ("never",)


def test_streams_are_merged_unless_the_family_keeps_them() -> None:
    """Two data classes with the same law are one stream to the model, or two."""
    inst = tiny(
        data_classes={"private": {}},
        demand=demands(("norway", "public", 2027, 30), ("norway", "private", 2027, 20)),
    )
    seen: list[list[int]] = []

    def look(m: pyo.ConcreteModel, _: Instance) -> None:
        seen.append([len(m.groups[j].members) for j in m.STREAMS])

    solve(inst, families=[look])
    solve(inst, families=[SimpleNamespace(add_to=look, KEEP_STREAMS=True)])
    assert seen == [[2], [1, 1]]


def test_own_whole_numbers_are_free_in_every_neighbourhood() -> None:
    """Variables without a site and period would otherwise hold every neighbourhood still."""

    def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
        m.chosen = pyo.Var(["a", "b"], domain=pyo.Binary)
        m.few = pyo.Constraint(expr=m.is_open["nairobi", "2027"] <= m.chosen["a"] + m.chosen["b"])

    inst = twins()
    compiled = compile_model(build_model(inst, (*FAMILIES, add_to)), inst)
    place = compiled.place()
    names = [compiled.variables[column].name for column in place.columns]
    own = [i for i, name in enumerate(names) if name.startswith("chosen")]
    assert len(own) == 2
    nothing = compiled.matrix.lower  # The plan and the relaxation, so that they do not differ.
    series = Neighbourhoods(place, nothing, 0, 0.3)
    for _ in range(12):
        _, free = series.next(nothing)
        assert free[own].all()


def broken(_: pyo.ConcreteModel, inst: Instance) -> None:
    raise KeyError("no such site")


def bad_check(inst: Instance, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    raise KeyError("no such table")


@pytest.mark.parametrize(
    ("families", "message"),
    [
        ([3], "int is no family: it has no function add_to"),
        ([at_most_three, at_most_three], "two families are called 'test_own_family'"),
        ([broken], "add_to of the family broken failed: KeyError: 'no such site'"),
        (
            [SimpleNamespace(__name__="mine", add_to=lambda m, i: None, check=bad_check)],
            "check of the family mine failed: KeyError: 'no such table'",
        ),
    ],
)
def test_what_is_wrong_with_a_family_is_said(families: list[Any], message: str) -> None:
    if families[0] is at_most_three:
        families = [SimpleNamespace(__name__="test_own_family", add_to=at_most_three)] * 2
    with pytest.raises(FamilyError, match=message):
        solve(tiny(), families=families)


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "optimizer", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_line_takes_files(tmp_path: Path) -> None:
    instance, family = str(EXAMPLES / "five_countries.yaml"), str(SCRIPT)
    done = run("solve", instance, "--family", family, "--out", "plan", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "own family" in done.stdout
    assert run("verify", instance, "plan", cwd=tmp_path).returncode == 5
    assert run("verify", instance, "plan", "--family", family, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "rule.py is not a file"),
        ("x = ", "rule.py cannot be run: SyntaxError"),
        ("import nothing_of_that_name", "rule.py cannot be run: ModuleNotFoundError"),
        ("x = 1", "rule is no family: it has no function add_to(m, inst)"),
    ],
)
def test_bad_files_are_refused_in_words(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "rule.py").write_text(content)
    instance = str(EXAMPLES / "five_countries.yaml")
    done = run("solve", instance, "--family", "rule.py", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_instance_cannot_name_a_family(tmp_path: Path) -> None:
    text = (EXAMPLES / "five_countries.yaml").read_text()
    (tmp_path / "own.yaml").write_text(f"{text}solve: {{families: [own_family.py]}}\n")
    done = run("solve", "own.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "families" in done.stderr
