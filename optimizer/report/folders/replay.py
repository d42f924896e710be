"""A horizon replayed: what each date's plan cost, and the regret against hindsight."""

from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.figures import money
from optimizer.report.charts import bars
from optimizer.report.figure import Fact, Figure, Section
from optimizer.report.folders.built import built
from optimizer.report.folders.reading import instance_of, read_json, read_plans

NEEDED = {"name", "steps", "realised_musd", "hindsight_musd", "regret_musd", "unmoved_musd",
          "unmoved_note"}  # fmt: skip

HINDSIGHT = {"hindsight": "hindsight"}
"""The plan that knew all from the start, by the name of its folder."""


def replay_sections(folder: Path) -> tuple[str, str, list[Section]]:
    """Title, kind and sections of a replay's page. Raises PlanError if it cannot be read."""
    told = read_json(folder / "replay.json", NEEDED)
    steps = pd.DataFrame(told["steps"])
    note = "The cost of the plan made at each date with what was known by then."
    chart = bars.ranked("date", "cost_musd") if steps["cost_musd"].notna().any() else None
    figure = Figure("steps", "Date by date", note, steps, chart, unit="MUSD")
    lead = []
    if told["unmoved_musd"] is None and told["unmoved_note"]:
        lead.append(f"The first plan could not have been kept: {told['unmoved_note']}")
    sections = [Section("replay", "What not knowing costs", lead, _facts(told), [figure])]
    names = {str(at): str(day) for at, day in enumerate(steps["date"])} | HINDSIGHT
    kept = [name for name in names if (folder / "plans" / name).is_dir()]
    if plans := read_plans(folder / "plans", kept):
        inst = instance_of(next(iter(plans.values())), folder)
        named = {names[name]: plan for name, plan in plans.items()}
        sections.append(Section("built", "What differs", figures=built(inst, named, "plan")))
    return str(told["name"]), "Replay", [one for one in sections if one.figures]


def _facts(told: dict[str, Any]) -> list[Fact]:
    facts = [
        Fact(what, money(float(told[key])), remark)
        for key, what, remark in (
            ("realised_musd", "realised", "the last plan, with orders at the prices agreed"),
            ("hindsight_musd", "hindsight", "with the last data from the start"),
            ("unmoved_musd", "never replanned", "the first plan, kept to the end"),
        )
        if told[key] is not None
    ]
    if regret := told["regret_musd"]:
        low, high = (money(float(one)) for one in regret)
        facts.append(
            Fact("regret", high, f"at least {low}" if low != high else "against hindsight")
        )
    return facts
