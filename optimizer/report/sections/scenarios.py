"""Scenarios: what each costs, what is ordered whatever comes, and what waits until it is known."""

from optimizer.figures import money, percent
from optimizer.plan.words import total_of
from optimizer.report.figure import Fact, Figure, Section
from optimizer.report.reading import Reading


def section(seen: Reading) -> Section | None:
    """What ties the scenarios of a plan together; None where the future is certain."""
    if seen.whole is None:
        return None
    plan, shown = seen.whole, seen.scenario
    tables, kpis = plan.tables, plan.kpis
    assert plan.objective_musd is not None
    facts = [Fact(total_of(plan), money(plan.objective_musd), "the objective")]
    for name, what, remark in (
        ("value_of_stochastic_solution_musd", "worth of hedging",
         "against keeping the first decisions of the likeliest scenario's own plan"),
        ("value_of_perfect_information_musd", "worth of a perfect forecast", "at most"),
    ):  # fmt: skip
        if name in kpis:
            facts.append(Fact(what, money(kpis[name]), remark))
    probability = tables["scenarios"].set_index("scenario")["probability"]
    lead = [
        "What starts before scenarios can be told apart is decided alike in all of them.",
        f"The sections below show the plan of the scenario {shown}, with a probability of "
        f"{percent(float(probability[shown]))}; choose another one with --scenario.",
        *(reason for reason in plan.reasons if " " in reason),
    ]
    return Section(
        "scenarios",
        "Whatever the future brings",
        lead,
        facts,
        [
            Figure("scenarios", "What each scenario costs",
                   "Best: if it were known from the start; regret: the difference.",
                   tables["scenarios"]),
            Figure("no-regret", "Ordered in every scenario", "The least number of all scenarios.",
                   tables["no_regret"]),
            Figure("triggers", "Beyond that, by scenario",
                   "Decide by the first date; what it awaits is known from the second one on.",
                   tables["triggers"]),
        ],
    )  # fmt: skip
