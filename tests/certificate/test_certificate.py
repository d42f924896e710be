"""The certificate: what it says, and that nothing can be changed behind its back."""

import hashlib
import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from models.instance import Instance
from optimizer import PlanError, prove_bound, read_instance, read_plan, solve, verify
from optimizer.certificate.files import sealed
from tests.small import tiny

TINY = Path(__file__).parents[2] / "instances" / "tiny"


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(TINY)


@pytest.fixture(scope="module")
def kept(inst: Instance, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return solve(inst).save(tmp_path_factory.mktemp("kept") / "plan")


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "plan"))


def told(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "certificate.json").read_text())
    return content


def messages(inst: Instance, folder: Path) -> list[str]:
    found = verify(inst, folder).violations
    return [one.message for one in found if one.family == "certificate"]


def test_it_names_the_files_that_were_read(kept: Path) -> None:
    known = hashlib.sha256((TINY / "instance.yaml").read_bytes()).hexdigest()
    assert told(kept)["instance"]["files"] == {"instance.yaml": known}
    assert told(kept)["instance"]["changed"] == []


def test_tables_of_the_instance_and_changes_are_named(tmp_path: Path) -> None:
    place = Path(shutil.copytree(TINY.parent / "southgate", tmp_path / "southgate"))
    inst = read_instance(place).with_changes({"demand.scale": 1.1})
    hashes = inst._origin.hashes
    assert {"instance.yaml", "demand.csv"} <= set(hashes)
    for name, sha256 in hashes.items():
        assert hashlib.sha256((place / name).read_bytes()).hexdigest() == sha256
    assert set(inst._origin.changed.values()) == {"change demand.scale"}


def test_money_is_summed_up_exactly(kept: Path) -> None:
    cash = pd.read_parquet(kept / "tables" / "cash.parquet")["discounted_musd"]
    exact = Fraction(told(kept)["objective"]["exact_cost_musd"])
    assert exact == sum(map(Fraction, cash))
    assert float(exact) == pytest.approx(told(kept)["objective"]["told_musd"], rel=1e-12)


def test_every_family_has_its_deviation_and_unit(inst: Instance, kept: Path) -> None:
    largest = verify(inst, kept).largest
    deviations = told(kept)["deviations"]
    assert deviations["power"]["unit"] == "MW"
    for family, one in deviations.items():
        assert one["largest"] == pytest.approx(largest[family], abs=1e-9)


def test_a_certified_plan_passes_and_is_read(inst: Instance, kept: Path) -> None:
    assert verify(inst, kept).passed
    assert read_plan(kept).status == "optimal"


def change_json(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def cheaper(folder: Path) -> None:
    change_json(folder / "plan.json", objective_musd=1.0)


def slower(folder: Path) -> None:
    change_json(folder / "plan.json", seconds={"total": 9.0})


def another_instance(folder: Path) -> None:
    change_json(folder / "instance.json", name="other")


def more_units(folder: Path) -> None:
    file = folder / "tables" / "orders.csv"
    file.write_text(file.read_text() + "\n")


def other_duals(folder: Path) -> None:
    file = folder / "duals.parquet"
    (pd.read_parquet(file) * 2).to_parquet(file)


CHANGES: list[tuple[Callable[[Path], None], str]] = [
    (cheaper, "plan.json was changed after it was certified"),
    (slower, "plan.json was changed after it was certified"),
    (another_instance, "instance.json was changed after it was certified"),
    (more_units, "tables/orders.csv was changed after it was certified"),
    (other_duals, "duals.parquet was changed after it was certified"),
]


@pytest.mark.parametrize(("change", "says"), CHANGES)
def test_a_changed_file_is_told_and_not_relied_on(
    inst: Instance, folder: Path, change: Callable[[Path], None], says: str
) -> None:
    change(folder)
    assert says in messages(inst, folder)
    with pytest.raises(PlanError, match="holds no plan to rely on"):
        read_plan(folder)


def test_a_changed_certificate_is_told(inst: Instance, folder: Path) -> None:
    change_json(folder / "certificate.json", status="feasible")
    assert messages(inst, folder) == ["certificate.json was changed after it was written"]


@pytest.mark.parametrize("content", ["", "[]", "{", "3", '{"files": 3}'])
def test_a_broken_certificate_is_told(inst: Instance, folder: Path, content: str) -> None:
    (folder / "certificate.json").write_text(content)
    (message,) = messages(inst, folder)
    assert message.startswith("certificate.json ")


FORGED: list[tuple[str, dict[str, Any], str]] = [
    ("objective", {"told_musd": 1.0}, "do not give the same objective"),
    ("objective", {"exact_cost_musd": "1/2"}, "exactly, certificate.json says 1/2"),
    ("bound", {"musd": 1.0}, "do not give the same bound"),
    ("options", {"gap": 0.5}, "do not give the same options"),
    ("instance", {"sha256": "00"}, "do not give the same hash of the instance"),
    ("deviations", {"power": {"largest": "none"}}, "power deviates by"),
]


@pytest.mark.parametrize(("section", "changes", "says"), FORGED)
def test_a_certificate_that_was_sealed_again_is_found_out(
    inst: Instance, folder: Path, section: str, changes: dict[str, Any], says: str
) -> None:
    content = told(folder)
    content.pop("sha256")
    content[section] |= changes
    (folder / "certificate.json").write_text(json.dumps(sealed(content)))
    assert any(says in message for message in messages(inst, folder))


def test_a_file_outside_is_never_named(inst: Instance, folder: Path, tmp_path: Path) -> None:
    """A path that leads out of the folder is taken for a file in it."""
    (tmp_path / "secret").write_text("x")
    content = told(folder)
    content.pop("sha256")
    content["files"] = {"../secret": "0"}
    (folder / "certificate.json").write_text(json.dumps(sealed(content)))
    assert messages(inst, folder) == []


def test_a_folder_without_certificate_is_checked_as_ever(inst: Instance, folder: Path) -> None:
    (folder / "certificate.json").unlink()
    assert verify(inst, folder).passed
    with pytest.raises(PlanError, match=r"has no certificate.json"):
        prove_bound(inst, folder)


def test_no_plan_has_a_certificate_too(tmp_path: Path) -> None:
    firm = tiny(
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}}, sites={"oslo": {"grid_mw": 3}}
    )
    place = solve(firm).save(tmp_path / "none")
    content = told(place)
    assert (content["status"], content["objective"]) == ("infeasible", None)
    assert sorted(content["files"]) == ["instance.json", "plan.json"]
    with pytest.raises(PlanError):
        prove_bound(firm, place)
