"""Alternatives: plans near the least cost, what all of them share, and what each of them costs."""

from pathlib import Path

import pandas as pd

from models.instance import Instance
from optimizer.figures import money, percent
from optimizer.report.charts import bars
from optimizer.report.charts.sites import site_map
from optimizer.report.charts.style import OTHER, PALETTE
from optimizer.report.figure import Fact, Figure, Section
from optimizer.report.folders.built import built
from optimizer.report.folders.reading import instance_of, read_plans, read_table

INKS = {"must have": PALETTE[0], "choice": PALETTE[1], "never": OTHER}
"""What a site is to the plans, with a colour."""

Said = tuple[str, str, list[Section]]
"""Title, kind and sections."""


def alternatives_sections(folder: Path) -> Said:
    """What the page of a folder of alternatives says. Raises PlanError if it cannot be read."""
    told = {
        "plan", "answers", "cost_musd", "above_first", "above_bound", "sites", "differs_least",
    }  # fmt: skip
    plans = read_table(folder / "alternatives.parquet", told)
    sites = read_table(folder / "sites.parquet", {"site", "role", "proven", "plans", "most_it_mw"})
    diversity = read_table(folder / "diversity.parquet", {"plan", "by", "effective"})
    every = read_plans(folder / "plans", list(map(str, plans["plan"])))
    first = next(iter(every.values()))
    inst = instance_of(first, folder)
    sections = [_choices(plans, sites), _where(inst, sites)]
    sections.append(Section("built", "What differs", figures=built(inst, every, "plan")))
    note = "'effective' is how many holders of equal size would be as concentrated."
    spread = Figure("diversity", "Diversity", note, _shares(diversity, "largest_share"))
    sections.append(Section("diversity", "Spread", figures=[spread]))
    return inst.name, "Alternatives", [one for one in sections if one.figures]


def _shares(table: pd.DataFrame, *ratios: str) -> pd.DataFrame:
    names = {name: name if name.endswith("share") else f"{name}_share" for name in ratios}
    return table.rename(columns=names)


def _choices(plans: pd.DataFrame, sites: pd.DataFrame) -> Section:
    count = {role: int((sites["role"] == role).sum()) for role in INKS}
    lead = [
        f"{len(plans)} plans: {count['must have']} sites are in all of them, {count['choice']} in "
        f"some, {count['never']} in none. A site is chosen if units are ordered for it.",
        *_proven(sites),
        "Every plan has a page of its own: 'buildplan report' with its folder, plans/01 for one.",
    ]
    facts = [
        Fact("least cost found", money(float(plans["cost_musd"].min())), "net present cost"),
        Fact("dearest", percent(float(plans["above_first"].max())), "above plan 00"),
        Fact("farthest from the bound", percent(float(plans["above_bound"].max())),
             "no plan is cheaper by more"),
    ]  # fmt: skip
    table = _shares(plans, "above_first", "above_bound")
    chart = bars.ranked("plan", "above_first_share", signed=True, percent=True)
    note = (
        "Against plan 00, the first that was found; a later one can be cheaper by no more than its "
        "gap. 'differs least': sites not in common with the plan most like it, of those that were "
        "to differ; plans beyond these answer a question about a site."
    )
    figure = Figure("plans", "What each plan costs more", note, table, chart)
    return Section("choices", "Plans", lead, facts, [figure])


def _proven(sites: pd.DataFrame) -> list[str]:
    """On which sites it is proven that every plan within the cost agrees with these, in words."""
    said = []
    for role, what in (("must have", "does without"), ("never", "orders units for")):
        names = sites.loc[sites["proven"] & (sites["role"] == role), "site"]
        if len(names):
            said.append(f"no plan within this cost {what} {' or '.join(map(str, names))}")
    others = sites.loc[~sites["proven"], "site"]
    if not said and len(others):
        return ["Other plans within this cost may decide otherwise: nothing is proven of sites."]
    lines = [f"Proven: {'; '.join(said)}."] if said else []
    if len(others):
        listed = ", ".join(map(str, others))
        lines.append(f"Other plans within this cost may decide otherwise on {listed}: not proven.")
    return lines


def _where(inst: Instance, sites: pd.DataFrame) -> Section:
    rows = [
        (row["site"], INKS[row["role"]], float(row["most_it_mw"]),
         f"{row['role']}{', proven' if row['proven'] else ''}, in {row['plans']} plans, "
         f"{row['most_it_mw']:,.1f} MW at most")
        for row in sites.to_dict("records")
        if row["site"] in inst.sites
    ]  # fmt: skip
    chart, data = site_map(inst, rows)
    note = (
        "Size: the most IT power at the end. Blue sites are in all plans, orange in some, grey "
        "rings in none."
    )
    figure = Figure("sites", "Must have, choice, never", note, sites, chart, data=data)
    return Section("where", "Where", figures=[figure])
