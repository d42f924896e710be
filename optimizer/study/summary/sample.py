"""The sample: how strongly figures follow each lever."""

import math

import numpy as np
import pandas as pd

from optimizer.study.summary.data import FIGURES, Data
from optimizer.study.summary.frame import make_frame

COLUMNS = (
    "lever",
    "cases",
    "with_plan",
    *(f"{figure}_{part}" for figure in FIGURES for part in ("rank_correlation", "variance_share")),
    "open_musd",
    "within_gap",
)

LEAST_CASES = 10
"""Fewer cases with a plan tell nothing about shares of variance [cases]."""

BIN_CASES, MOST_BINS = 5, 10
"""A bin holds at least so many cases, and there are at most so many bins."""


def sample(data: Data) -> pd.DataFrame:
    """Spearman's rank correlation and the first-order share of variance of each lever.

    The lever with the largest share of the variance of cost comes first. Cases without a plan have
    no part. A lever with labels has no rank correlation. `open_musd` is the mean of cost − bound;
    where even the standard deviation of cost is not larger, nothing is certain.
    """
    cases = data.of_group("sample")
    planned = [one for one in cases if not math.isnan(data.figure(one.name, FIGURES[0]))]
    figures = data.cases.loc[[one.name for one in planned]].reset_index(drop=True)
    rows = []
    for lever in data.study.levers.get("sample", ()):
        settings = pd.Series([one.levers.get(lever.name) for one in planned], dtype=object)
        row: dict[str, object] = {
            "lever": lever.name,
            "cases": len(cases),
            "with_plan": len(planned),
        }
        for figure in FIGURES:
            row[f"{figure}_rank_correlation"] = rank_correlation(settings, figures[figure])
            row[f"{figure}_variance_share"] = variance_share(settings, figures[figure])
        gap = float(figures["open_musd"].mean()) if planned else math.nan
        spread = float(figures[FIGURES[0]].std()) if len(planned) > 1 else math.nan
        rows.append(row | {"open_musd": gap, "within_gap": bool(spread <= gap)})
    frame = make_frame(rows, COLUMNS)
    share = frame[f"{FIGURES[0]}_variance_share"].astype(float)
    backup = frame[f"{FIGURES[0]}_rank_correlation"].astype(float).abs()
    order = sorted(frame.index, key=lambda i: (-_known(share[i]), -_known(backup[i])))
    return frame.loc[order].reset_index(drop=True)


def rank_correlation(settings: pd.Series, figure: pd.Series) -> float:
    """Spearman's ρ; not a number for labels, and where one of both never changes [ratio]."""
    if any(isinstance(one, str) or one is None for one in settings):
        return math.nan
    x, y = settings.astype(float).rank(), figure.rank()
    if len(x) < 3 or x.nunique() < 2 or y.nunique() < 2:
        return math.nan
    return float(x.corr(y))


def variance_share(settings: pd.Series, figure: pd.Series) -> float:
    """The share of a figure's variance that the lever alone explains [ratio].

    The cases are binned by the lever, equally many in each bin, or by its settings where these are
    few. The variance between the means of the bins, less what chance alone would give, is divided
    by the whole (ε² of the analysis of variance); at least 0.
    """
    n = len(settings)
    whole = float(((figure - figure.mean()) ** 2).sum())
    if n < LEAST_CASES or whole <= 0:
        return math.nan
    bins = _bins(settings, max(2, min(MOST_BINS, n // BIN_CASES)))
    count = bins.nunique()
    if count < 2 or count >= n:
        return math.nan
    within = float(((figure - figure.groupby(bins).transform("mean")) ** 2).sum())
    by_chance = (count - 1) * within / (n - count)
    return max(0.0, (whole - within - by_chance) / whole)


def _bins(settings: pd.Series, most: int) -> pd.Series:
    if settings.nunique() <= most or any(isinstance(one, str) for one in settings):
        return settings.map(str)
    edges = np.quantile(settings.astype(float), np.linspace(0, 1, most + 1)[1:-1])
    return pd.Series(np.searchsorted(edges, settings.astype(float), side="left"))


def _known(value: float) -> float:
    return -1.0 if math.isnan(value) else value
