"""What came of each case of a study."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.errors import PlanError
from optimizer.study.case import Case
from optimizer.study.folder import StudyFolder

STATUSES = ("optimal", "feasible", "infeasible", "unknown", "failed", "waiting")
"""The outcomes of a case: those of a plan, failed, and waiting to be solved."""

WITH_PLAN = ("optimal", "feasible")
"""The outcomes that come with a plan."""


@dataclass(frozen=True)
class Outcome:
    """What came of a case.

    Attributes:
        case: the case.
        key: under which its plan is kept.
        status: one of STATUSES.
        told: the content of plan.json; of a failed or waiting case what there is instead.
        reasons: why there is no plan, as far as it is known.
        tables: where the tables of its plan stand; None without a plan.
    """

    case: Case
    key: str
    status: str
    told: Mapping[str, Any]
    reasons: tuple[str, ...]
    tables: Path | None


def outcomes(folder: StudyFolder) -> list[Outcome]:
    """The outcome of every case, in the study's order. Raises PlanError for a broken plan.json."""
    return [_outcome(folder, case) for case in folder.study.cases]


def _outcome(folder: StudyFolder, case: Case) -> Outcome:
    key = folder.keys[case.name]
    finished = folder.is_finished(case.name)
    told = folder.summary(case.name)
    if told is None:
        return Outcome(case, key, "waiting", {}, (), None)
    if not isinstance(told, dict) or (finished and told.get("status") not in STATUSES[:4]):
        raise PlanError(f"{folder.plan_folder(case.name) / 'plan.json'} is not that of a plan")
    reasons = tuple(str(reason) for reason in told.get("reasons") or ())
    if not finished:
        return Outcome(case, key, "failed", {}, reasons, None)
    if told["status"] not in WITH_PLAN:
        return Outcome(case, key, told["status"], told, reasons, None)
    if told.get("verified") is not True:
        refused = tuple(f"refused by the checker: {one}" for one in told.get("violations") or ())
        return Outcome(case, key, "failed", {}, refused or ("refused by the checker",), None)
    tables = folder.plan_folder(case.name) / "tables"
    return Outcome(case, key, told["status"], told, reasons, tables)
