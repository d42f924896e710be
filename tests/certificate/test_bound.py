"""A bound is proven again from duals, by exact arithmetic never too high."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.build import build_model
from models.instance import Instance
from optimizer import PlanError, prove_bound, read_instance, solve
from optimizer.certificate.files import file_hashes, sealed
from optimizer.compiling import compile_model
from optimizer.matrix import Floats, Matrix
from optimizer.search.bound import dual_bound
from tests.properties.common import SEEDS, examples
from tests.properties.strategies import instances
from tests.small import tiny

TINY = Path(__file__).parents[2] / "instances" / "tiny"


def exact_bound(matrix: Matrix, row_duals: Floats) -> Fraction:
    """The Lagrangian bound in fractions, as on paper."""
    rows = matrix.rows.tocsc()
    total, duals = Fraction(matrix.offset), []
    for i, y in enumerate(row_duals):
        side = matrix.row_lower[i] if y > 0 else matrix.row_upper[i]
        duals.append(Fraction(y) if np.isfinite(side) else Fraction())
        total += duals[-1] * Fraction(side) if np.isfinite(side) else 0
    for j, cost in enumerate(matrix.cost):
        begin, end = rows.indptr[j], rows.indptr[j + 1]
        entries = zip(rows.indices[begin:end], rows.data[begin:end], strict=True)
        reduced = Fraction(cost) - sum(duals[i] * Fraction(a) for i, a in entries)
        total += min(reduced * Fraction(matrix.lower[j]), reduced * Fraction(matrix.upper[j]))
    return total


@examples(10)
@given(instances(), SEEDS)
def test_rounding_never_raises_the_bound(raw: dict[str, Any], seed: int) -> None:
    """Whatever the duals; and it loses no more than a billionth of what was added up."""
    inst = Instance.model_validate(raw)
    matrix = compile_model(build_model(inst, merge=True), inst).matrix
    random = np.random.default_rng(seed)
    duals = random.normal(size=len(matrix.row_lower)) * 10.0 ** random.integers(-6, 6)
    exact, ours = exact_bound(matrix, duals), dual_bound(matrix, duals)
    assert Fraction(ours) <= exact
    assert ours == pytest.approx(float(exact), rel=1e-9, abs=1e-6 * (1 + np.abs(duals).max()))


@examples(30)
@given(st.lists(st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1.0, -2.5]), min_size=4))
def test_what_is_no_number_proves_nothing_too_high(odd: list[float]) -> None:
    # Five units at 40 MUSD: 200 MUSD is the optimum of the small instance.
    matrix = compile_model(build_model(tiny()), tiny()).matrix
    duals = np.resize(np.array(odd), len(matrix.row_lower))
    assert dual_bound(matrix, duals) <= 200 + 1e-6


def test_it_is_proven_again_from_the_folder_and_from_memory(tmp_path: Path) -> None:
    inst = read_instance(TINY)
    plan = solve(inst)
    folder = plan.save(tmp_path / "plan")
    one, other = prove_bound(inst, folder), prove_bound(inst, plan)
    assert one == other
    assert one.violations == ()
    assert plan.objective_musd is not None
    assert 0 < one.musd <= plan.objective_musd
    assert one.musd <= plan.bound_musd + 1e-6  # type: ignore[operator]
    assert one.gap == pytest.approx(1 - one.musd / plan.objective_musd)
    assert one.proved_by


def test_where_the_relaxation_decides_it_proves_the_optimum(tmp_path: Path) -> None:
    # Nothing has to be whole: 5 units of 40 MUSD serve the 50 Mtok/s. 5 · 40 = 200 MUSD.
    plan = solve(tiny())
    assert plan.objective_musd == pytest.approx(200.0)
    assert prove_bound(tiny(), plan).musd == pytest.approx(200.0)


def forge(folder: Path, row_duals: Floats, **bound: Any) -> None:
    """Other duals, in a certificate that was sealed again."""
    pd.DataFrame({"dual": row_duals}).to_parquet(folder / "duals.parquet", index=False)
    content = json.loads((folder / "certificate.json").read_text())
    del content["sha256"]
    content["bound"]["from_duals"] |= bound
    content["files"] = file_hashes(folder)
    (folder / "certificate.json").write_text(json.dumps(sealed(content)))


def test_forged_duals_prove_less_than_is_said(tmp_path: Path) -> None:
    folder = solve(tiny()).save(tmp_path / "plan")
    rows = len(pd.read_parquet(folder / "duals.parquet"))
    forge(folder, np.zeros(rows), musd=200.0)
    found = prove_bound(tiny(), folder)
    assert found.musd < 200
    assert "the duals prove" in found.violations[0]


def test_a_plan_below_its_bound_is_found_out(tmp_path: Path) -> None:
    """Duals of a dearer instance do not fit a plan of a cheaper one."""
    dear = tiny(unit_types={"gen1": {"capex_musd": 80}})
    folder = solve(tiny()).save(tmp_path / "plan")
    plan = solve(dear)
    assert plan.evidence is not None
    assert plan.evidence.row_duals is not None
    forge(folder, plan.evidence.row_duals)
    found = prove_bound(dear, folder)
    assert found.musd == pytest.approx(400.0)
    assert "but no plan costs less than 400 MUSD" in found.violations[-1]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pd.DataFrame({"dual": [0.0]}), "1 duals, but the model of the instance has"),
        (pd.DataFrame({"other": [0.0]}), "must have one column of numbers, called dual"),
        (pd.DataFrame({"dual": ["0"]}), "must have one column of numbers, called dual"),
        (pd.DataFrame({"dual": [np.nan]}), "what is no number that could be a dual"),
        (pd.DataFrame({"dual": [1e200]}), "what is no number that could be a dual"),
    ],
)
def test_duals_that_cannot_be_used_are_refused(
    tmp_path: Path, frame: pd.DataFrame, says: str
) -> None:
    folder = solve(tiny()).save(tmp_path / "plan")
    frame.to_parquet(folder / "duals.parquet")
    with pytest.raises(PlanError, match=says):
        prove_bound(tiny(), folder)
    (folder / "duals.parquet").write_bytes(b"PAR1 rubbish PAR1")
    with pytest.raises(PlanError, match="cannot be read"):
        prove_bound(tiny(), folder)


def test_other_goals_have_no_bound_to_prove(tmp_path: Path) -> None:
    plan = solve(tiny(), objective="serve_first")
    assert not (plan.save(tmp_path / "plan") / "duals.parquet").exists()
    with pytest.raises(PlanError, match="while the goals before it are held"):
        prove_bound(tiny(objective="serve_first"), tmp_path / "plan")


def test_the_rows_of_an_own_family_have_duals_too(tmp_path: Path) -> None:
    """A rule of one's own is part of the model, and has duals too."""

    def few(m: Any, inst: Instance) -> None:
        import pyomo.environ as pyo

        m.few = pyo.Constraint(m.ORDERS, rule=lambda m, *sut: m.order[sut] <= 3)

    plan = solve(tiny(), families=[few])
    folder = plan.save(tmp_path / "plan")
    # Three units at 40 MUSD, and 20 Mtok/s short at 315.36 MUSD each.
    assert plan.objective_musd == pytest.approx(120 + 20 * 315.36)
    assert prove_bound(tiny(), folder, families=[few]).musd == pytest.approx(120 + 20 * 315.36)
    with pytest.raises(PlanError, match="is it the same instance"):
        prove_bound(tiny(), folder)
