"""Efficiency: tokens per MWh by generation and cooling, and what liquid cooling saves."""

from collections import defaultdict

import pandas as pd

from models.prices import tokens
from optimizer.figures import number, percent
from optimizer.plan.physical import energy_by_type_mwh
from optimizer.report.charts import bars
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

Pair = tuple[str, str]
"""Generation and cooling class."""


def section(seen: Reading) -> Section | None:
    """Tokens per MWh, and the saving by cooling counted once."""
    if not seen.has_plan or seen.plan.tables["runs"].empty:
        return None
    table = _table(seen)
    note = (
        "Tokens that each generation makes over all energy that it draws at the meter, idle "
        "units and cooling included."
    )
    chart = bars.ranked("hardware", "tokens_mtok_per_mwh")
    figure = Figure(
        "efficiency",
        "Tokens per MWh by generation and cooling",
        note,
        table,
        chart,
        unit="Mtok per MWh",
    )
    lead = [
        f"The fleet makes {number(seen.plan.kpis['tokens_per_mwh_mtok'])} Mtok per MWh.",
        *_saving(seen),
    ]
    return Section("efficiency", "Efficiency", lead, figures=[figure, *_taken(seen)])


def _taken(seen: Reading) -> list[Figure]:
    """Emissions and water by site and period, where the instance knows any."""
    table = seen.plan.tables["emissions"]
    if table.empty:
        return []
    note = "Of the electricity drawn, of building what is ordered, and water that cooling uses."
    return [Figure("emissions", "Emissions and water", note, table, closed=True)]


def energy_mwh(seen: Reading) -> dict[tuple[str, str], float]:
    """Energy at the meter by site and unit type over the horizon [MWh]."""
    tables = dict(seen.plan.tables)
    drawn: dict[tuple[str, str], float] = defaultdict(float)
    for (s, u, _), mwh in energy_by_type_mwh(seen.inst, tables, tables["online"]).items():
        drawn[s, u] += mwh
    return drawn


def made_mtok(seen: Reading) -> dict[tuple[str, str], float]:
    """Tokens by site and unit type: what a site makes, shared by the work that units can do."""
    inst, tables = seen.inst, seen.plan.tables
    keys = ["site", "workload", "period", "slice"]
    flows = tables["flows"].groupby(keys)["mtok_s"].sum().to_dict()
    runs = tables["runs"]
    power = [
        units * inst.tokens_per_unit(s, u, k, t)
        for s, u, k, t, units in runs[
            ["site", "unit_type", "workload", "period", "units"]
        ].itertuples(index=False)
    ]
    runs = runs.assign(power=power)
    share = runs["power"] / runs.groupby(keys)["power"].transform("sum")
    seconds = {(one.period, one.slice): tokens(inst, o) for o, one in inst.states.items()}
    made: dict[tuple[str, str], float] = defaultdict(float)
    names = ["site", "unit_type", "workload", "period", "slice"]
    rows = runs[names].itertuples(index=False, name=None)
    for (s, u, k, t, x), part in zip(rows, share, strict=True):
        made[s, u] += part * flows.get((s, k, t, x), 0.0) * seconds[t, x]
    return made


def _table(seen: Reading) -> pd.DataFrame:
    types = seen.inst.unit_types
    sums: dict[Pair, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for column, amounts in enumerate((made_mtok(seen), energy_mwh(seen))):
        for (_, u), amount in amounts.items():
            sums[types[u].generation, types[u].cooling][column] += amount
    rows = [
        (f"{generation}, {cooling}", generation, cooling, mtok / 1e6, mwh / 1e3, mtok / mwh)
        for (generation, cooling), (mtok, mwh) in sums.items()
        if mwh > 0
    ]
    rows.sort(key=lambda row: -row[-1])
    names = [
        "hardware",
        "generation",
        "cooling",
        "served_ttok",
        "energy_gwh",
        "tokens_mtok_per_mwh",
    ]
    return pd.DataFrame(rows, columns=names)


def _saving(seen: Reading) -> list[str]:
    """What the cooling in use draws less than air would at the same sites, told once."""
    inst = seen.inst
    spent = saved = 0.0
    for (s, u), mwh in energy_mwh(seen).items():
        pue, own = inst.sites[s].pue, inst.unit_types[u].cooling
        if "air" in pue and own != "air":
            spent += mwh
            saved += mwh * (pue["air"] / pue[own] - 1)
    if saved <= 0:
        return []
    part = percent(saved / (spent + saved))
    return [
        f"Liquid cooling saves {number(saved / 1e3)} GWh, {part} of what the "
        "same units would draw with air cooling at the same sites. It is computed from the PUE "
        "of the sites, which is its only place in the plan."
    ]
