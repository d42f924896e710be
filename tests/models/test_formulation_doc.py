"""docs/formulation.md and the model say the same: tags, variables, cost terms, family files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest

from models import families
from models.build import build_model
from models.instance import Instance
from tests.small import GEN1, demands, twins, years

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "formulation.md").read_text(encoding="utf-8")
FAMILIES = Path(families.__file__).parent
TAG = re.compile(r"^ +\(([A-Z]\d)\) ", re.MULTILINE)
UNIT = re.compile(r"\[((?:IT )?(?:MW|MUSD|units|Mtok/s))[^\]]*\]")
INDEXED = re.compile(r"\b([a-z_]+)\[")


def section(number: int) -> str:
    """The text of one numbered section."""
    found = re.search(rf"^## {number}\. .*?(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/formulation.md has no section {number}"
    return found[0]


def blocks() -> dict[str, str]:
    """For each tag, the lines from it up to the next tag or family."""
    parts = re.split(r"^ +\(([A-Z]\d)\) |^\*\*", section(3), flags=re.MULTILINE)
    return {tag: text for tag, text in zip(parts[1::2], parts[2::2], strict=True) if tag}


def files() -> dict[str, str]:
    """For each tag, the family file under whose heading it stands."""
    out, file = {}, ""
    for line in section(3).splitlines():
        if heading := re.match(r"\*\*.+?\*\* \(`families/(\w+\.py)`\)", line):
            file = heading[1]
        if tag := TAG.match(line):
            out[tag[1]] = file
    return out


def everything() -> Instance:
    """An instance that uses every family."""
    return twins(
        horizon=years(2),
        slices={"day": {"from_hour": 6, "hours": 12}, "night": {"from_hour": 18, "hours": 12}},
        workloads={
            "chat": {"deferrable_share": 0.5, "availability_target": 0.95}
            | {"port_generation_musd_per_mtok_s": 1},
            "train": {"shortfall_price_usd_per_mtok": 1}
            | {"cluster": {"min_units": 2, "utilisation": {1: 1, 3: 0.9}}},
        },
        network_options={
            "light": {"cost_musd": 5, "power_saved_share": 0.1, "utilisation": {1: 1}},
        },
        finance={"end_of_horizon_value": "straight_line"},
        budget={
            "pools": {
                "europe": {"continents": ["europe"], "grants": {2027: 100}, "borrowing": 10},
                "africa": {"continents": ["africa"], "grants": {2027: 100}, "carry_over": False},
            },
            "opex_caps": {"all": {"musd_per_year": 5}},
        },
        carbon={"caps": {"all": {"tco2_per_year": 1000}}},
        efficiency_floors={"all": {"mtok_per_mwh": 1000}},
        grid_regions={"east": {"cap_mw": 30}},
        sites={
            "oslo": {
                "grid_region": "east",
                "install_rate_mw_per_month": 2,
                "carbon_kg_per_mwh": 400,
                "water_l_per_kwh": {"liquid": 1.2},
                "water_limit_m3_per_year": 5000,
            },
            "nairobi": {"open_cost_musd": 10, "min_build_mw": 4},
        },
        contingencies={"any-site": {"each": "site"}},
        protection=[{"share": 0.5, "price_usd_per_mtok": 1}],
        grid_upgrades={
            "line": {"site": "oslo", "added_mw": 5, "cost_musd": 7},
            "more": {"site": "oslo", "added_mw": 5, "cost_musd": 7, "requires": "line"},
        },
        commitments={
            "frozen_until": 2028,
            "orders": [
                {"site": "oslo", "unit_type": "gen1", "period": 2027, "units": 1},
                {"site": "oslo", "unit_type": "gen1", "period": 2028, "units": 1},
            ],
            "cancel_share": 0.5,
            "delay_share": 0.1,
        },
        quotas={
            "now": {"unit_types": ["gen1"], "per_year": 4},
            "kept": {"unit_types": ["gen1"], "per_year": 4, "carry_over": True},
        },
        mines=[
            {"site": "oslo", "mining_mw": 5, "capex_musd_per_mw": 1, "block_mw": 1}
            | {"margin_musd_per_mw_year": 1}
        ],
        rentals={
            name: {"operator": "fjord", "jurisdiction": "NO", "lat": 59, "lon": 10}
            | {"price_usd_per_mtok": 1, "most_mtok_s": 5, "least_mtok_s": least}
            for name, least in (("burst", 0), ("take", 1))
        },
        shells=[{"site": "oslo", "most_mw": 4, "price_musd_per_mw_year": 1, "block_mw": 2}],
        unit_types={
            "gen1": {"early_retirement": True, "availability": 0.9},
            "gen2": GEN1 | {"origin": ["NO"]},
        },
        throughput=[
            {"unit_type": u, "workload": k, "mtok_s": 9}
            for u in ("gen1", "gen2")
            for k in ("chat", "train")
        ],
        operators={"savanna": {"control_plane_jurisdiction": "NO"}},
        data_classes={"health": {"control_plane": ["HOME"], "supply_origin": ["NO"]}},
        demand=[
            *demands(("norway", "public", 2027, 50), ("kenya", "health", 2027, 5)),
            *demands(("norway", "public", 2027, 9), workload="train"),
        ],
        sufficiency={"africa": {"continents": ["africa"], "serve_share": 0.5, "host_it_mw": 1}},
        concentration={
            of: {"share_of": of, "by": "operator", "most_share": 0.9}
            for of in ("tokens", "it_mw", "capital")
        },
        local_control_planes=[{"site": "nairobi", "cost_musd": 5, "opex_musd_per_year": 1}],
        soft_limits=[
            {"limit": limit, "price_musd": 1}
            for limit in ("rental", "sufficiency_share", "sufficiency_mw")
        ],
        volume_tiers=[{"unit_type": "gen1", "from_units": 3, "price_share": 0.9}],
        model_families={"ours": {"trained_by": "train", "served_by": ["chat"]}},
    )


@pytest.fixture(scope="module")
def model() -> pyo.ConcreteModel:
    return build_model(everything())


def constraints(m: pyo.ConcreteModel) -> Iterator[Any]:
    found = list(m.component_objects(pyo.Constraint))
    assert len(found) >= 16
    assert all(len(constraint) for constraint in found), "the instance leaves a family out"
    return iter(found)


def tag_of(constraint: Any) -> str:
    found = re.match(r"\(([A-Z]\d)\) ", constraint.doc or "")
    assert found, f"the doc= of {constraint.name} does not start with a tag"
    return found[1]


def test_tags_are_the_same(model: pyo.ConcreteModel) -> None:
    assert {tag_of(constraint) for constraint in constraints(model)} == set(blocks())
    outside = TAG.findall(section(8))
    assert TAG.findall(TEXT) == [*blocks(), *outside], "a tag stands twice, or elsewhere"


def test_each_formula_stands_under_its_tag(model: pyo.ConcreteModel) -> None:
    """What a doc= speaks of, and the unit at its end, stand in the document under the same tag."""
    for constraint in constraints(model):
        block = blocks()[tag_of(constraint)]
        spoken = set(INDEXED.findall(constraint.doc))
        assert spoken, f"the doc= of {constraint.name} has no formula"
        assert spoken <= set(INDEXED.findall(block)), f"{constraint.name}: {constraint.doc}"
        if written := UNIT.search(block):
            assert constraint.doc.endswith(f"  [{written[1]}]"), constraint.doc
        formula = constraint.doc.partition(", with ")[0]
        relations = {sign for sign in "=≤≥" if sign in formula}
        assert relations <= set(block), f"{constraint.name}: {constraint.doc}"


def test_the_doc_states_the_direction_of_the_row(model: pyo.ConcreteModel) -> None:
    for constraint in constraints(model):
        rows = list(constraint.values())
        if " ≤ " in constraint.doc.partition(", with ")[0] or " ≥ " in constraint.doc:
            assert not any(row.equality for row in rows), constraint.name
        else:
            assert all(row.equality for row in rows), constraint.name


def test_names_follow_the_kind_of_constraint(model: pyo.ConcreteModel) -> None:
    ends = {"balance": "=", "limit": "≤", "link": "≤", "minimum": "≥"}
    for constraint in constraints(model):
        assert f" {ends[constraint.name.rpartition('_')[2]]} " in constraint.doc


def test_variables_are_the_same(model: pyo.ConcreteModel) -> None:
    rows = re.findall(r"^\| `(\w+)\[([^\]]+)\]` \| (\S+(?: \d)?) \|", section(2), re.MULTILINE)
    documented = {name: (index.split(","), domain) for name, index, domain in rows}
    found = {variable.name: variable for variable in model.component_objects(pyo.Var)}

    assert set(documented) == set(found)
    for name, (index, domain) in documented.items():
        one = next(iter(found[name].values()))
        key = one.index() if isinstance(one.index(), tuple) else (one.index(),)
        assert len(key) == len(index), f"{name} has other indices than {index}"
        assert one.is_continuous() == (domain in ("[0,1]", "≥ 0", "ℝ")), f"{name} in {domain}"
        assert one.lb is not None, f"{name} has no lower bound"
        assert (one.lb >= 0) == (domain != "ℝ")


def test_cost_terms_are_the_same(model: pyo.ConcreteModel) -> None:
    documented = re.findall(r"^ {4}(\w+) += ", section(4), re.MULTILINE)

    assert documented == list(model.TERMS)
    assert [objective.name for objective in model.component_objects(pyo.Objective)] == [
        "net_present_cost"
    ]


def test_sets_are_in_the_model(model: pyo.ConcreteModel) -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \|", section(1), re.MULTILINE)

    assert len(documented) > 25
    # Routes are not a set: a group of streams holds them, with their network prices.
    for name in set(documented) - {"ROUTES"}:
        found = model.component(name)
        assert found is not None, f"the model has no set {name}"
        assert found.ctype is pyo.Set, f"{name} is no set"


def test_family_files_are_the_same() -> None:
    """Each family file builds the tags that stand under its name, and no other."""
    documented = re.findall(r"`families/(\w+\.py)`", TEXT)
    written = {file.name for file in FAMILIES.glob("*.py")} - {"__init__.py", "costs.py"}

    assert set(documented) == written
    for name in written:
        source = (FAMILIES / name).read_text(encoding="utf-8")
        built = set(re.findall(r"doc=\"\(([A-Z]\d)\) |^ +\"\(([A-Z]\d)\) ", source, re.MULTILINE))
        built_tags = {first or second for first, second in built}
        assert built_tags == {tag for tag, file in files().items() if file == name}, name


def test_family_files_list_what_they_add(model: pyo.ConcreteModel) -> None:
    """The header of a family file names each constraint and variable that the file adds."""
    for kind in (pyo.Constraint, pyo.Var):
        for component in model.component_objects(kind):
            homes = [
                file.name
                for file in FAMILIES.glob("[a-z]*.py")
                if re.search(rf"^(?:Adds| {{4}}) +{component.name}\[", header(file), re.MULTILINE)
            ]
            assert len(homes) == 1, f"{component.name} stands in the header of {homes}"


def header(file: Path) -> str:
    """What stands in the docstring of a file after 'Adds'."""
    docstring = file.read_text(encoding="utf-8").split('"""')[1]
    return "Adds" + docstring.partition("\nAdds")[2]
