"""What a study says: outcomes, the levers that matter, the trade-offs, the robust decisions.

`data` gathers the cases · `conflicts` says what infeasible cases have in common · `tornado`,
`sweep`, `sample` and `morris` rank levers · `frontier` finds the cases that no other one beats ·
`robust` counts sites and orders over the cases · `spread` tells how figures are distributed.
docs/study-results.md gives the formulas.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.plan.frame import records
from optimizer.study.folder import StudyFolder
from optimizer.study.summary.conflicts import conflicts
from optimizer.study.summary.data import gather
from optimizer.study.summary.frontier import FRONTIERS, frontier
from optimizer.study.summary.morris import morris
from optimizer.study.summary.robust import robust_orders, site_shares, sites
from optimizer.study.summary.sample import sample
from optimizer.study.summary.spread import spread
from optimizer.study.summary.sweep import sweep
from optimizer.study.summary.tornado import tornado

__all__ = ["FRONTIERS", "Summary", "summarize"]


@dataclass(frozen=True, eq=False)
class Summary:
    """What a study says. docs/study-results.md lists the columns of the tables.

    Attributes:
        name: the study's name.
        counts: number of cases by status.
        no_plan: the cases without a plan, with the reasons.
        conflicts: what infeasible cases have in common and no case with a plan has, in words.
        tornado: the levers of the tornado, the one with the largest swing first.
        sweep: the mean figures for each setting of each lever of the sweep.
        sample: correlations and shares of variance of the levers of the sample.
        morris: elementary effects of the levers of the screening.
        frontier: the cases that no other case beats in both of two figures.
        frontier_note: which cases were weighed against each other, in words.
        spread: the distribution of cost and of the cost per Mtok over the sample.
        sites: for each site, whether it is built in all, some or none of the cases: of the sample
            if it has at least 10 with a plan, else of all different ones.
        site_shares: for each site and period, the share of cases in which it is open.
        orders: what is ordered in at least 90 % of the same cases.
        notes: what to keep in mind, in words.
    """

    name: str
    counts: pd.DataFrame
    no_plan: pd.DataFrame
    conflicts: pd.DataFrame
    tornado: pd.DataFrame
    sweep: pd.DataFrame
    sample: pd.DataFrame
    morris: pd.DataFrame
    frontier: pd.DataFrame
    frontier_note: str
    spread: pd.DataFrame
    sites: pd.DataFrame
    site_shares: pd.DataFrame
    orders: pd.DataFrame
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data for JSON: tables as lists of rows, missing numbers as None."""
        out: dict[str, Any] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, pd.DataFrame):
                out[one.name] = records(value)
            else:
                out[one.name] = list(value) if isinstance(value, tuple) else value
        return out


def summarize(path: str | Path, frontiers: Sequence[str] = FRONTIERS) -> Summary:
    """Sum up a study's results.

    Args:
        path: the study's folder.
        frontiers: pairs of figures to weigh against each other, as 'KPI:KPI'; a KPI without a
            known direction takes one along, as in 'it_mw_end/higher'.

    Raises PlanError if there are no results, or a pair names no figures.
    """
    data = gather(StudyFolder(path), path)
    notes = list(data.notes)
    screening, screened = morris(data)
    notes += screened
    shares = site_shares(data)
    best, futures = frontier(data, frontiers)
    return Summary(
        name=data.study.name,
        counts=data.counts,
        no_plan=data.no_plan,
        conflicts=conflicts(data),
        tornado=tornado(data),
        sweep=sweep(data),
        sample=sample(data),
        morris=screening,
        frontier=best,
        frontier_note=futures,
        spread=spread(data),
        sites=sites(data, shares),
        site_shares=shares,
        orders=robust_orders(data),
        notes=tuple(notes),
    )
