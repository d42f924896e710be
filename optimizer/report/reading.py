"""A plan and its instance, read once for all sections of a report."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.instance import Instance
from models.prices import tokens
from models.scenarios import reference
from optimizer.blame import blaming
from optimizer.certificate import LIMIT_VALUES
from optimizer.certificate.content import statements
from optimizer.certificate.files import read_certificate
from optimizer.columns import read_frame
from optimizer.errors import PlanError
from optimizer.plan.frame import look_up_states, period_means
from optimizer.plan.plan import Plan
from optimizer.plan.store import read_plan
from optimizer.report.charts.style import colours


@dataclass(frozen=True, eq=False)
class Reading:
    """What sections read: the plan, the instance, and what several of them need.

    Of a plan with scenarios, `plan` is that of one scenario, and `whole` the plan of all. `folder`
    is where the plan was read from; None for one that was just made.
    """

    plan: Plan
    inst: Instance
    whole: Plan | None = None
    scenario: str = ""
    folder: Path | None = None

    @classmethod
    def read(cls, folder: str | Path, scenario: str | None = None) -> "Reading":
        """The plan in a folder, with what stands beside it. Raises PlanError as `of`."""
        return replace(cls.of(read_plan(folder), scenario), folder=Path(folder))

    @classmethod
    def of(cls, plan: Plan, scenario: str | None = None) -> "Reading":
        """A plan that knows its instance, of the likeliest scenario unless another is named.

        Raises PlanError for a plan that does not know its instance, and for scenarios it has not.
        """
        if plan.instance is None:
            raise PlanError(
                "a report needs the instance of the plan, and this folder holds none: it was "
                "written by an older version of buildplan; solve the instance again"
            )
        if scenario is not None and scenario not in plan.by_scenario:
            known = ", ".join(plan.by_scenario) or "none"
            raise PlanError(f"the plan has no scenario '{scenario}'; there are: {known}")
        if not plan.by_scenario:
            return cls(plan, plan.instance)
        name = scenario or reference(plan.instance)
        with blaming(plan):
            one = plan.scenario(name)
        assert one.instance is not None
        return cls(one, one.instance, plan, name)

    @cached_property
    def certificate(self) -> Mapping[str, Any]:
        """What the certificate says; of a plan that was just made, without its files."""
        if self.folder is not None:
            return read_certificate(self.folder) or {}
        plan = self.whole or self.plan
        return {} if plan.evidence is None else statements(plan)

    @cached_property
    def limit_values(self) -> pd.DataFrame | None:
        """What one more unit of each limit is worth; None where it is not known."""
        if self.folder is None:
            return None if self.plan.evidence is None else self.plan.evidence.limit_values
        file = self.folder / LIMIT_VALUES
        return read_frame(file) if file.exists() else None

    @property
    def has_plan(self) -> bool:
        """False if no plan was found, or none exists."""
        return bool(self.plan.tables) and self.plan.objective_musd is not None

    @cached_property
    def periods(self) -> list[str]:
        """The periods in order."""
        return list(self.inst.periods)

    @cached_property
    def continents(self) -> dict[str, str]:
        """The continent of each demand region."""
        home = self.inst.jurisdictions
        return {r: home[one.jurisdiction].continent for r, one in self.inst.regions.items()}

    @cached_property
    def continent_colours(self) -> dict[str, str]:
        """A colour for each continent that asks for tokens."""
        return colours(sorted(set(self.continents.values())))

    @cached_property
    def unit_colours(self) -> dict[str, str]:
        """A colour for each unit type, those in the plan first."""
        return colours([*self.plan.tables["online"]["unit_type"].unique(), *self.inst.unit_types])

    @cached_property
    def served(self) -> pd.DataFrame:
        """Tokens served and short [Ttok] by region, workload, data class and period."""
        return pd.concat(
            [self._amounts("flows", "served"), self._amounts("rentals", "served"),
             self._amounts("shortfall", "short")],
            ignore_index=True,
        )  # fmt: skip

    def _amounts(self, name: str, outcome: str) -> pd.DataFrame:
        ttok = {o: tokens(self.inst, o) / 1e6 for o in self.inst.states}
        frame = self.plan.tables[name]
        frame = frame.assign(ttok=frame["mtok_s"] * look_up_states(self.inst, frame, ttok))
        keys = ["region", "workload", "data_class", "period"]
        sums = frame.groupby(keys, sort=False)["ttok"].sum().reset_index()
        return sums.assign(outcome=outcome)

    @cached_property
    def routes(self) -> pd.DataFrame:
        """Tokens by demand region, site and period: the mean of the period [Mtok/s]."""
        return self._means("flows", "site")

    @cached_property
    def rented(self) -> pd.DataFrame:
        """Tokens bought by demand region, offer and period: the mean of the period [Mtok/s]."""
        return self._means("rentals", "offer")

    def _means(self, name: str, source: str) -> pd.DataFrame:
        rows = period_means(self.inst, self.plan.tables[name])
        keys = ["region", source, "period"]
        return rows.groupby(keys, sort=False)["mtok_s"].sum().reset_index()

    def site_label(self, s: str) -> str:
        """The name of a site for people, with its short name where that differs."""
        name = self.inst.sites[s].name
        return f"{name} ({s})" if name and name != s else s
