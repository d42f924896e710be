"""A plan: what to build where and when, what it costs, and how good it is proven to be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from models.instance import Instance

if TYPE_CHECKING:
    from optimizer.plan.evidence import Evidence
    from optimizer.report.plots import Plots

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


class _WhenAsked:
    """The instance of a plan: at hand, or read when it is first asked for, since that takes time.

    A field of this kind takes an instance, a function that reads one, or None.
    """

    def __get__(self, plan: "Plan | None", owner: type | None = None) -> Instance | None:
        if plan is None:
            return None
        kept = vars(plan)
        if not isinstance(kept["_instance"], Instance | None):
            kept["_instance"] = kept["_instance"]()
        known: Instance | None = kept["_instance"]
        return known

    def __set__(self, plan: "Plan", given: Instance | Callable[[], Instance | None] | None) -> None:
        vars(plan)["_instance"] = None if isinstance(given, _WhenAsked) else given


INTERRUPTED = "interrupted"
"""Among a plan's reasons if the search, or what explains it, was interrupted."""


@dataclass(frozen=True)
class Plan:
    """The answer to an instance; without a plan in hand (infeasible, unknown) it has no tables.

    Attributes:
        name: the instance's name.
        status: optimal (within the gap asked), feasible (a plan, gap not reached), infeasible
            (no plan exists), unknown (none was found, none was excluded).
        objective_musd: the sum of the cost terms: net present cost, less revenue where the
            objective is profit [MUSD].
        bound_musd: no plan that is as good by the goals before cost costs less [MUSD].
        gap: (objective − bound) / |objective| [ratio].
        costs_musd: the terms of the objective [MUSD, discounted].
        kpis: key figures, by name with unit (docs/formulation.md §5).
        verified: True if the independent checker accepted every constraint, cost and figure.
        violations: what the checker refused, in words.
        reasons: why there is no plan, as far as it is known.
        seconds: time spent to read, build, solve, verify, and in total [s].
        options: how it was solved.
        versions: of buildplan, pyomo, highs, python.
        instance_sha256: hash of the instance's content.
        objective: the name of the objective.
        goals: its goals in order, each with `name`, `value`, `bound` and `unit`.
        tables: tidy tables by name (docs/plan-format.md).
        by_scenario: `costs_musd` and `kpis` of each scenario; empty if the future is certain.
        evidence: what its certificate tells beside; None for a plan that was read from disk.
        instance: the instance it was made for; None where it is not known. Of a plan on disk it is
            read when it is first asked for; PlanError if it cannot be, or is another instance.
    """

    name: str
    status: Status
    objective_musd: float | None
    bound_musd: float | None
    gap: float | None
    costs_musd: Mapping[str, float]
    kpis: Mapping[str, float]
    verified: bool
    instance_sha256: str
    seconds: Mapping[str, float]
    versions: Mapping[str, str]
    options: Mapping[str, Any]
    violations: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    objective: str = "cost"
    goals: tuple[Mapping[str, Any], ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    by_scenario: Mapping[str, Mapping[str, Mapping[str, float]]] = field(
        default_factory=dict, repr=False
    )
    evidence: "Evidence | None" = field(default=None, repr=False, compare=False)
    instance: _WhenAsked = field(default=_WhenAsked(), repr=False, compare=False)

    @property
    def interrupted(self) -> bool:
        """True if the caller stopped the search before its end."""
        return INTERRUPTED in self.reasons

    def __repr__(self) -> str:
        names = ("name", "status", "objective_musd", "gap", "verified", "reasons")
        return f"Plan({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    def _repr_html_(self) -> str:
        """What notebooks show: cost, first orders, limits that bind; or why there is no plan."""
        from optimizer.plan.html import plan_html

        return plan_html(self)

    def table(self, name: str) -> pd.DataFrame:
        """A copy of one table. Raises KeyError, naming the tables there are, for any other."""
        if name not in self.tables:
            raise KeyError(f"no table is called '{name}'; there are: {', '.join(self.tables)}")
        return self.tables[name].copy()

    @property
    def plot(self) -> "Plots":
        """Charts of the plan for notebooks, as `plan.plot.timeline()`; dir(plan.plot) names them.

        Each needs the extra `plots`; PlanError if the plan does not know its instance.
        """
        from optimizer.report.plots import Plots

        return Plots(self)

    def units_ordered(self, site: str, unit_type: str, period: str | int) -> int:
        """Units of a type ordered at a site in a period [units]."""
        orders = self.tables["orders"]
        chosen = orders[
            (orders["site"] == site)
            & (orders["unit_type"] == unit_type)
            & (orders["period"] == str(period))
        ]
        return int(chosen["units"].sum())

    def scenario(self, name: str) -> "Plan":
        """The plan of one scenario, as if there were no others.

        Raises KeyError, naming the scenarios there are, for any other name.
        """
        from optimizer.uncertain.future import plan_of_scenario

        return plan_of_scenario(self, name)

    def summary(self) -> dict[str, Any]:
        """The content of plan.json: everything but the tables and the instance."""
        return {
            "name": self.name,
            "status": self.status,
            "objective": self.objective,
            "goals": [dict(goal) for goal in self.goals],
            "objective_musd": self.objective_musd,
            "bound_musd": self.bound_musd,
            "gap": self.gap,
            "costs_musd": dict(self.costs_musd),
            "kpis": dict(self.kpis),
            "verified": self.verified,
            "violations": list(self.violations),
            "reasons": list(self.reasons),
            "seconds": dict(self.seconds),
            "instance_sha256": self.instance_sha256,
            "versions": dict(self.versions),
            "options": dict(self.options),
            **({"by_scenario": dict(self.by_scenario)} if self.by_scenario else {}),
        }

    def save(self, folder: str | Path) -> Path:
        """Write plan.json, instance.json and the tables, whole or not at all; return the folder.

        Raises PlanError if the folder holds something else than a plan, or cannot be written.
        """
        from optimizer.plan.store import write_plan

        return write_plan(self, Path(folder))
