"""What came of a study: how many cases have a plan, and how far costs lie apart."""

from typing import TYPE_CHECKING

from optimizer.figures import gap, money
from optimizer.report.figure import Fact, Figure, Section

if TYPE_CHECKING:
    from optimizer.report.study_contents import StudyReading


def section(seen: "StudyReading") -> Section:
    """Counts, the base case, the cheapest and the dearest; cases without a plan."""
    cases, summary = seen.cases, seen.summary
    planned = cases[cases["objective_musd"].notna()]
    facts = [Fact("cases", f"{len(cases):,}", f"{len(planned):,} with a plan")]
    if not planned.empty:
        cost = planned.set_index("case")["objective_musd"]
        base = cases.loc[cases["group"] == "base", "objective_musd"].dropna()
        if len(base):
            facts.append(Fact("base", money(float(base.iloc[0])), "net present cost"))
        facts.append(Fact("cheapest", money(float(cost.min())), str(cost.idxmin())))
        facts.append(Fact("dearest", money(float(cost.max())), str(cost.idxmax())))
        if planned["gap"].notna().any():
            facts.append(Fact("largest gap", gap(float(planned["gap"].max())), "of all cases"))
    figures = [Figure("counts", "Cases by outcome", "", summary.counts)]
    if not summary.no_plan.empty:
        figures.append(Figure("no-plan", "Cases without a plan", "", summary.no_plan))
    if not summary.conflicts.empty:
        note = "Conditions that all of these cases meet, and no case with a plan does."
        figures.append(Figure("conflicts", "What stands against a plan", note, summary.conflicts))
    lead = (
        [f"Of {seen.study.base.name}, with gaps of at most {gap(seen.study.gap)} asked."]
        if seen.study.gap
        else []
    )
    return Section("outcome", "Outcome", [*lead, *summary.notes], facts, figures)
