"""A frontier: plans from the least of one measure to the least of another."""

from pathlib import Path

import pandas as pd

from optimizer.errors import PlanError
from optimizer.figures import number
from optimizer.frontier import COLUMNS
from optimizer.report.charts.lines import points
from optimizer.report.figure import Figure, Section
from optimizer.report.folders.built import built
from optimizer.report.folders.reading import instance_of, read_plans, read_table
from optimizer.report.words import counted

UNIT = {name: column.removeprefix(f"{name}_") for name, column in COLUMNS.items()}
WORDS = {"musd": "MUSD", "tco2": "tCO2", "gwh": "GWh", "m3": "m3", "ttok": "Ttok, weighted"}


def frontier_sections(folder: Path) -> tuple[str, str, list[Section]]:
    """Title, kind and sections of a frontier's page. Raises PlanError if it cannot be read."""
    table = read_table(
        folder / "frontier.parquet", {"point", "status", "dominated", *COLUMNS.values()}
    )
    first, second = _measures(table, folder)
    plans = read_plans(folder / "points", list(map(str, table["point"])))
    inst = instance_of(next(iter(plans.values())), folder)
    x, y = COLUMNS[second], COLUMNS[first]
    found = table[table[y].notna()]
    drawn = points(x, _words(second), y, _words(first), "point") if found[x].nunique() > 1 else None
    beaten = int(table["dominated"].sum())
    lead = [f"{counted(len(found), 'plan')}."]
    if beaten:
        lead.append(f"{beaten} of them no better than another one in both measures.")
    if drawn is None:
        lead.append(f"The least {first} and the least {second} are one plan: nothing to weigh.")
    else:
        lead.append(f"{_change(found, y, first)} buys {_change(found, x, second)} from end to end.")
    lead.append(
        "Every point has a page of its own: 'buildplan report' with its folder, points/01 for one."
    )
    title = f"{first.capitalize()} against {second}"
    figure = Figure("frontier", title, "From the least of one to the least of the other.", table,
                    drawn)  # fmt: skip
    sections = [
        Section("frontier", "Trade-off", lead, figures=[figure]),
        Section("built", "What differs", figures=built(inst, plans, "point")),
    ]
    return inst.name, "Frontier", [one for one in sections if one.figures]


def _measures(table: pd.DataFrame, folder: Path) -> tuple[str, str]:
    """The measures that are weighed: what is bounded, and what is limited."""
    bounded = [n for n, column in COLUMNS.items() if f"bound_{column}" in table.columns]
    limited = [n for n, column in COLUMNS.items() if f"most_{column}" in table.columns]
    if len(bounded) != 1 or len(limited) != 1:
        raise PlanError(f"{folder} does not say what its frontier weighs")
    return bounded[0], limited[0]


def _words(measure: str) -> str:
    return f"{measure}, {WORDS[UNIT[measure]]}"


def _change(table: pd.DataFrame, column: str, measure: str) -> str:
    values = table[column].dropna()
    span = float(values.max() - values.min())
    return f"{number(span)} {WORDS[UNIT[measure]]} of {measure}"
