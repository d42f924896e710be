"""The printed plan: what a planner wants to know first, in text that fits a page.

`build` says where, what and when · `beside` what is had without building · `fleet` which
connections grow and which units leave early · `pipeline` which power can be relied on ·
`commitments` what changes of what was agreed · `costs` what it costs · `service` who is served and
at what price · `slices` when in the day · `sovereignty` who steers it · `limits` what binds ·
`violated` which soft limits are missed · `scenarios` what each possible future costs and asks
for · `nothing` why there is no plan.
"""

from typing import TYPE_CHECKING

from optimizer.cli.layout import pairs
from optimizer.cli.show import scenarios
from optimizer.cli.show.beside import beside_building
from optimizer.cli.show.build import due_first, where_what_when
from optimizer.cli.show.commitments import changes
from optimizer.cli.show.costs import by_term, capital
from optimizer.cli.show.fleet import clusters, early_leavers, networks, upgrades
from optimizer.cli.show.limits import binding
from optimizer.cli.show.pipeline import pipeline
from optimizer.cli.show.service import served, token_cost
from optimizer.cli.show.slices import by_slice
from optimizer.cli.show.sovereignty import control_planes, thin
from optimizer.cli.show.violated import violated
from optimizer.figures import money, number, percent, seconds
from optimizer.plan.words import goals_before_cost, how_good, promise, total_of

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan


def plan_in_words(inst: "Instance", plan: "Plan") -> str:
    """The whole printed plan."""
    if inst.scenarios:
        return _joined(
            headline(inst, plan),
            scenarios.costs(inst, plan),
            scenarios.no_regret(inst, plan),
            scenarios.triggers(inst, plan),
            by_term(inst, plan),
        )
    return _joined(
        headline(inst, plan),
        where_what_when(inst, plan),
        beside_building(inst, plan),
        upgrades(inst, plan),
        networks(inst, plan),
        clusters(inst, plan),
        pipeline(inst, plan),
        early_leavers(inst, plan),
        changes(inst, plan),
        due_first(inst, plan),
        by_term(inst, plan),
        capital(inst, plan),
        served(inst, plan),
        by_slice(inst, plan),
        token_cost(inst, plan),
        control_planes(plan),
        thin(plan),
        binding(inst, plan),
        violated(plan),
    )


def _joined(*sections: list[str]) -> str:
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def headline(inst: "Instance", plan: "Plan") -> list[str]:
    """Name, how good the plan is, its cost and bound, and its main figures."""
    assert plan.objective_musd is not None
    cost = f"{money(plan.objective_musd)}, {total_of(plan)} ({inst.money})"
    if plan.bound_musd is not None:
        equal = ", equally good by the goals before," if len(plan.goals) > 1 else ""
        cost += f"; no plan{equal} costs less than {money(plan.bound_musd)}"
    k = plan.kpis
    means = ", in the mean of the scenarios" if inst.scenarios else ""
    spent = plan.seconds
    stages = " · ".join(
        f"{name} {seconds(spent[name])}" for name in ("read", "build", "solve", "verify", "total")
    )
    return [
        plan.name,
        *pairs(
            [
                ("plan", how_good(plan)),
                *goals_before_cost(plan),
                ("cost", cost),
                *([("of which", told)] if (told := promise(plan)) else []),
                ("checked", "yes, by the independent checker" if plan.verified else "NO"),
                (
                    "builds",
                    f"{k['units_ordered']:,.0f} units; at the end {k['sites_open']:,.0f} of "
                    f"{len(inst.sites)} sites open, {number(k['it_mw_end'])} MW of IT, "
                    f"{number(k['meter_mw_end'])} MW at the meter of "
                    f"{number(k['grid_mw_end'])} MW connected{means}",
                ),
                (
                    "serves",
                    f"{percent(k['served_share'])} of {number(k['demand_ttok'])} Ttok, at "
                    f"{number(k['cost_per_mtok_usd'])} USD per Mtok with shortfall, "
                    f"{number(k['tokens_per_mwh_mtok'])} Mtok per MWh{means}",
                ),
                ("time", stages),
            ]
        ),
    ]
