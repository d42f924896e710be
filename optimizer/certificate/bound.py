"""A bound proven again: from duals, and from the model that is built anew from the instance.

No solver is asked, and no matrix is read: duals of any origin give a valid bound
(`optimizer.search.bound`), so that all that has to be trusted is the model of the instance itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.instance import Instance
from optimizer.certificate import DUALS, FILE, duals, files
from optimizer.errors import PlanError
from optimizer.own import compile_with, own_families
from optimizer.plan.plan import Plan
from optimizer.search.bound import dual_bound
from optimizer.verify.arrays import Floats
from optimizer.verify.findings import TOLERANCE

SAME = 1e-9
"""Bounds of the same duals differ by no more on another machine [ratio]."""


@dataclass(frozen=True)
class ProvenBound:
    """What duals prove of an instance, beside what a plan of it says.

    Attributes:
        musd: no plan of the instance costs less, all rounding taken off [MUSD].
        duals: how many duals it took; one for each row of the model.
        objective_musd: what the plan costs [MUSD].
        bound_musd: the bound that the plan gives, whatever proved it [MUSD].
        proved_by: the stage of the search that proved that one, in words.
        violations: what the plan says otherwise, in words.
    """

    musd: float
    duals: int
    objective_musd: float
    bound_musd: float | None
    proved_by: str
    violations: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """How far the plan is above it at most [ratio of the plan's cost]."""
        return max(0.0, self.objective_musd - self.musd) / max(abs(self.objective_musd), 1e-9)


@dataclass(frozen=True)
class _Told:
    """What a plan says of its bound."""

    row_duals: Floats
    musd: float
    objective_musd: float
    bound_musd: float | None
    proved_by: str


def prove_bound(
    inst: Instance, plan: Plan | str | Path, *, families: Sequence[object] = ()
) -> ProvenBound:
    """Prove a bound on the cost of an instance again, from the duals that stand with a plan of it.

    The model is built from the instance, with own families if the plan was made with some; no
    solver is asked. What the plan says otherwise is told in `violations`.

    Raises PlanError, in words, if there are no duals that prove one.
    """
    told = _of_plan(plan) if isinstance(plan, Plan) else _of_folder(Path(plan))
    matrix = compile_with(own_families(families), inst).matrix
    rows, count = len(matrix.row_lower), len(told.row_duals)
    if count != rows:
        raise PlanError(
            f"no bound can be proven again: there are {count:,} duals, but the model of the "
            f"instance has {rows:,} rows; is it the same instance?"
        )
    musd = dual_bound(matrix, told.row_duals)
    return ProvenBound(
        musd, count, told.objective_musd, told.bound_musd, told.proved_by, _doubts(told, musd)
    )


def _doubts(told: _Told, musd: float) -> tuple[str, ...]:
    found = []
    # Written as 'not at least', so that what is no number cannot slip through.
    if not musd >= told.musd - SAME * max(1.0, abs(told.musd)):
        found.append(f"the duals prove {musd:,.10g} MUSD only; the plan says {told.musd:,.10g}")
    if not told.objective_musd >= musd - TOLERANCE * max(1.0, abs(musd)):
        found.append(
            f"the plan costs {told.objective_musd:,.10g} MUSD, but no plan costs less than "
            f"{musd:,.10g} MUSD"
        )
    return tuple(found)


def _of_plan(plan: Plan) -> _Told:
    known = plan.evidence
    if known is None or known.row_duals is None or known.grounds.relaxation is None:
        why = "its duals stand in its folder" if known is None else known.why_no_duals
        raise PlanError(f"no bound can be proven again: {why}")
    if plan.objective_musd is None:
        raise PlanError(f"there is no plan to check: its status is '{plan.status}'")
    grounds, relaxation = known.grounds, known.grounds.relaxation
    return _Told(known.row_duals, relaxation, plan.objective_musd, plan.bound_musd, grounds.stage)


def _of_folder(folder: Path) -> _Told:
    try:
        told = files.read_certificate(folder)
        row_duals = duals.read_duals(folder / DUALS) if (folder / DUALS).exists() else None
    except ValueError as error:
        raise PlanError(f"no bound can be proven again: {error}") from error
    if told is None:
        raise PlanError(f"no bound can be proven again: {folder} has no {FILE}")
    if row_duals is None:
        bound = told.get("bound")
        why = bound.get("why_no_duals") if isinstance(bound, Mapping) else ""
        why = why or f"{folder} has no {DUALS}"
        raise PlanError(f"no bound can be proven again: {why}")
    try:
        return _told(told["bound"], told["objective"], row_duals)
    except (ValueError, TypeError, KeyError) as error:
        raise PlanError(f"{FILE} does not say what the bound is: {error}") from error


def _told(bound: Mapping[str, Any], objective: Mapping[str, Any], row_duals: Floats) -> _Told:
    """Read off a certificate. Raises ValueError, TypeError or KeyError where it is not as ours."""
    given = bound["musd"]
    return _Told(
        row_duals,
        float(bound["from_duals"]["musd"]),
        float(objective["told_musd"]),
        None if given is None else float(given),
        str(bound["proved_by"]),
    )
