"""Any two cases side by side: key figures, the steps between their costs, and what is built."""

from typing import TYPE_CHECKING

import pandas as pd

from models.prices import TERMS
from optimizer.plan.frame import records
from optimizer.report.charts.waterfall import steps, waterfall
from optimizer.report.figure import Figure, Row, Section
from optimizer.study.results.figures import FIGURES

if TYPE_CHECKING:
    from optimizer.report.study_contents import StudyReading


def section(seen: "StudyReading") -> Section | None:
    """The waterfall of two cases that the reader picks."""
    cases = seen.cases[seen.cases["objective_musd"].notna()]
    if len(cases) < 2:
        return None
    terms = [t for t in TERMS if f"cost_{t}_musd" in cases.columns]
    used = [t for t in terms if cases[f"cost_{t}_musd"].abs().max() > 0]
    columns = ["case", "objective_musd", *(f"cost_{t}_musd" for t in used)]
    table = cases[columns].reset_index(drop=True)
    note = (
        "Black marks are the costs of the two cases; bars are what each cost term adds or takes on "
        "the way from the first to the second. The axis does not begin at 0."
    )
    data: dict[str, list[Row]] = {
        "kpis": [
            {"name": name, "words": told.words, "unit": told.unit}
            for name, told in FIGURES.items()
            if name in cases.columns
        ],
        "figures": records(cases[["case", *(n for n in FIGURES if n in cases.columns)]]),
        "built": _built(seen, set(cases["case"])),
        "steps": _steps(table, used),
    }
    figure = Figure("waterfall", "Two cases side by side", note, table, waterfall(), data=data,
                    view="sides", unit="MUSD")  # fmt: skip
    return Section("sides", "Side by side", figures=[figure])


def _steps(table: pd.DataFrame, terms: list[str]) -> list[Row]:
    """The waterfall of the first two cases [MUSD]."""
    a, b = records(table.head(2))
    changes = [
        (t.replace("_", " "), float(b[f"cost_{t}_musd"] - a[f"cost_{t}_musd"])) for t in terms
    ]
    first, last = f"1: {a['case']}", f"2: {b['case']}"
    return steps(first, float(a["objective_musd"]), changes, last, float(b["objective_musd"]))


def _built(seen: "StudyReading", cases: set[str]) -> list[Row]:
    """IT power at the end by case and site [MW]."""
    power = seen.power
    last = list(seen.study.base.periods)[-1]
    rows = power[power["case"].isin(cases) & (power["period"] == last)]
    return records(rows[["case", "site", "it_mw"]])
