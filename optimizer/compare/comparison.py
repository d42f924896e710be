"""The comparison of two plans, as tables, in words, and on disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.blame import blaming
from optimizer.compare.figures import kpi_changes, left_open, service_changes
from optimizer.compare.folding import Folded, folded
from optimizer.compare.inputs import differences, frame
from optimizer.compare.kept import fill
from optimizer.compare.limits import limit_changes
from optimizer.compare.moves import moves
from optimizer.compare.sources import Side, read_side
from optimizer.compare.waterfall import contributors, waterfall
from optimizer.plan.frame import records
from optimizer.plan.plan import Plan
from optimizer.whole import write_folder

TABLES = ("inputs", "moves", "service", "waterfall", "contributors", "limits", "kpis")
"""The tables of a comparison."""


@dataclass(frozen=True)
class Comparison:
    """What differs between two plans and their instances; columns: see docs/compare.md.

    Attributes:
        before: the first plan, with its instance where that is known.
        after: the second one.
        inputs: every value that differs; empty where an instance is not known.
        folded_inputs: the same in few lines.
        moves: what is opened and ordered at another time or place.
        service: tokens served and short by workload [Ttok].
        waterfall: the steps from the first objective to the second by cost term [MUSD]; they add
            up.
        contributors: the places that make each step [MUSD].
        limits: limits that began or ceased to bind, that are new or gone.
        kpis: key figures.
        open_musd: how much the least costs of the two may differ, if the gaps leave open which of
            them is dearer [MUSD]; else None.

    Where one of them is no plan, all tables but the inputs are empty.
    """

    before: Side
    after: Side
    inputs: pd.DataFrame
    folded_inputs: tuple[Folded, ...]
    moves: pd.DataFrame
    service: pd.DataFrame
    waterfall: pd.DataFrame
    contributors: pd.DataFrame
    limits: pd.DataFrame
    kpis: pd.DataFrame
    open_musd: tuple[float, float] | None

    @property
    def inputs_known(self) -> bool:
        """True if both instances are known, so that no line of inputs means no difference."""
        return self.before.instance is not None and self.after.instance is not None

    @property
    def has_plans(self) -> bool:
        """True if both are plans, so that there is something to compare but inputs."""
        return self.before.has_plan and self.after.has_plan

    @property
    def difference_musd(self) -> float | None:
        """The second objective minus the first [MUSD]; None where one of them is no plan."""
        a, b = self.before.plan.objective_musd, self.after.plan.objective_musd
        return None if a is None or b is None else b - a

    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables by name."""
        return {name: getattr(self, name) for name in TABLES}

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON: the two plans, what their gaps leave open, tables as records."""
        tables = {name: records(table) for name, table in self.tables().items() if name != "inputs"}
        inputs = [line._asdict() for line in self.folded_inputs]
        return {
            "before": _summary(self.before),
            "after": _summary(self.after),
            "difference_musd": self.difference_musd,
            "open_musd": None if self.open_musd is None else [*map(_finite, self.open_musd)],
            "inputs_known": self.inputs_known,
            "inputs": inputs,
            **tables,
        }

    def in_words(self) -> str:
        """The comparison as text that fits a page."""
        from optimizer.compare.words import in_words

        return in_words(self)

    def save(self, folder: str | Path) -> Path:
        """Write comparison.json and the tables as CSV, whole or not at all; return the folder.

        Raises PlanError if the folder holds something else, or cannot be written.
        """
        tables = self.tables()
        own = ("comparison.json", *(f"{name}.csv" for name in tables))
        write = partial(fill, tables, self.as_dict())
        return write_folder(Path(folder), "comparison", own, write)


def compare(a: Plan | str | Path, b: Plan | str | Path) -> Comparison:
    """Compare two plans, or two answers without one, and the instances they were made for.

    Args:
        a: the plan before: a Plan, a plan's folder, or a case of a study written DIR:CASE.
        b: the plan after.

    Raises PlanError if one cannot be read, or if its cost terms do not add up to its objective.
    """
    before, after = read_side(a), read_side(b)
    with blaming(before.plan, after.plan):
        return _compared(before, after)


def _compared(before: Side, after: Side) -> Comparison:
    ones = before.plan, after.plan
    instances = before.instance, after.instance
    known = instances[0] is not None and instances[1] is not None
    changes = differences(*instances) if known else []  # type: ignore[arg-type]
    lines = folded(*instances, changes) if known else []  # type: ignore[arg-type]
    nothing = pd.DataFrame()
    both = before.has_plan and after.has_plan
    return Comparison(
        before=before,
        after=after,
        inputs=frame(changes),
        folded_inputs=tuple(lines),
        moves=moves(*ones, *instances) if both else nothing,
        service=service_changes(*ones, *instances) if both else nothing,
        waterfall=waterfall(*ones, *instances) if both else nothing,
        contributors=contributors(*ones, *instances) if both else nothing,
        limits=limit_changes(*(one.tables["limits"] for one in ones)) if both else nothing,
        kpis=kpi_changes(*ones) if both else nothing,
        open_musd=left_open(*ones),
    )


def _summary(side: Side) -> dict[str, Any]:
    """A plan in short: where it is from, how good it is, and why its inputs are not known."""
    names = ("status", "objective_musd", "bound_musd", "gap", "verified", "instance_sha256")
    told = {name: getattr(side.plan, name) for name in names}
    reasons = list(side.plan.reasons)
    return {"label": side.label, "name": side.plan.name, **told, "reasons": reasons} | (
        {"inputs_unknown": side.note} if side.note else {}
    )


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None
