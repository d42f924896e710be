"""How cost and the cost per Mtok are distributed over a sample."""

import pandas as pd

from optimizer.study.results.outcomes import WITH_PLAN
from optimizer.study.summary.data import FIGURES, Data
from optimizer.study.summary.frame import make_frame

QUANTILES = {"min": 0.0, "p05": 0.05, "median": 0.5, "p95": 0.95, "max": 1.0}

COLUMNS = ("figure", "cases", *QUANTILES, "mean")


def spread(data: Data) -> pd.DataFrame:
    """Least, 5 %, median, 95 %, largest and mean over the cases of the sample with a plan."""
    cases = data.cases[data.cases["group"] == "sample"]
    planned = cases[cases["status"].isin(WITH_PLAN)]
    rows = [
        {"figure": figure, "cases": len(planned)}
        | {name: float(planned[figure].quantile(q)) for name, q in QUANTILES.items()}
        | {"mean": float(planned[figure].mean())}
        for figure in FIGURES
    ]
    return make_frame(rows if len(planned) else (), COLUMNS)
