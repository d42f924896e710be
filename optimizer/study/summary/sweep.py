"""The sweep: what each setting of a lever comes to on average over all others."""

import math

import pandas as pd

from optimizer.study.summary.data import FIGURES, LACKS, Data, label
from optimizer.study.summary.frame import make_frame

COLUMNS = (
    "lever",
    "setting",
    "cases",
    "with_plan",
    "waiting",
    "failed",
    *(f"{figure}_{part}" for figure in FIGURES for part in ("mean", "range")),
    "open_musd",
    "within_gap",
)


def sweep(data: Data) -> pd.DataFrame:
    """The main effect of each lever: mean figures for each setting, and the range of the means.

    The lever with the largest range in cost comes first; there is no range where fewer than two
    settings have a plan. Cases without a plan have no part in the means; `waiting` and `failed` are
    the numbers of those that may yet have one. `open_musd` is the largest mean of cost − bound
    among the settings.
    """
    parts = [_effects(data, lever.name) for lever in data.study.levers.get("sweep", ())]
    parts = [part for part in parts if not part.empty]
    if not parts:
        return make_frame((), COLUMNS)
    name = f"{FIGURES[0]}_range"
    parts.sort(key=lambda part: -part[name].fillna(-1.0).iloc[0])
    return pd.concat(parts, ignore_index=True)


def _effects(data: Data, lever: str) -> pd.DataFrame:
    cases = [one for one in data.of_group("sweep") if lever in one.levers]
    names = [one.name for one in cases]
    chosen = data.cases.loc[names, [*FIGURES, "open_musd"]].assign(
        setting=[one.levers[lever] for one in cases],
        with_plan=data.cases.loc[names, FIGURES[0]].notna(),
        **{status: data.cases.loc[names, "status"] == status for status in LACKS},
    )
    chosen["open_musd"] = chosen["open_musd"].where(chosen["with_plan"])
    grouped = chosen.groupby("setting", sort=False)
    means = grouped[[*FIGURES, "open_musd"]].mean()
    frame = pd.DataFrame(
        {
            "lever": lever,
            "setting": [label(setting) for setting in means.index],
            "cases": grouped.size().to_numpy(),
            **{name: grouped[name].sum().to_numpy() for name in ("with_plan", *LACKS)},
        }
    )
    for figure in FIGURES:
        mean = means[figure].to_numpy(float)
        frame[f"{figure}_mean"] = mean
        known = means[figure].dropna()
        frame[f"{figure}_range"] = known.max() - known.min() if len(known) > 1 else math.nan
    frame["open_musd"] = means["open_musd"].max()
    frame["within_gap"] = frame[f"{FIGURES[0]}_range"] <= frame["open_musd"]
    return frame[list(COLUMNS)]
