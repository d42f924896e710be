"""Scenarios: what each costs, what to order whatever comes, and what waits until more is known."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from optimizer.cli.layout import pairs, table, wrap
from optimizer.figures import amount, money, percent
from optimizer.plan.words import total_of

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan

MOST_ORDERS = 25

KINDS = {
    "opening": "open the site",
    "halls": "halls [blocks]",
    "grid_upgrade": "grid upgrade",
    "network_option": "network option",
    "control_plane": "local control plane",
    "conversion": "conversion [MW]",
    "lease": "lease [MW]",
}
"""Kinds of orders in words; units go by their type."""


def costs(_: "Instance", plan: "Plan") -> list[str]:
    """What each scenario costs, alone and with decisions that are shared."""
    rows = [
        (w, percent(p), revealed, amount(cost), amount(best), amount(regret))
        for w, p, revealed, cost, best, _, regret in plan.tables["scenarios"].itertuples(
            index=False, name=None
        )
    ]
    heads = ("scenario", "probability", "revealed", "MUSD", "known from the start", "regret")
    title = f"Scenarios; least is the {total_of(plan)}"
    return [title, *table(heads, rows, "lrlrrr"), *_values(plan)]


def _values(plan: "Plan") -> list[str]:
    """What knowing the future, and planning for all of it, is worth."""
    told = {
        "to know the future": plan.kpis.get("value_of_perfect_information_musd"),
        "to plan for all": plan.kpis.get("value_of_stochastic_solution_musd"),
    }
    words = {
        "to know the future": "is the most that a perfect forecast would be worth",
        "to plan for all": "is saved against beginning as is best for the likeliest scenario",
    }
    rows = [(name, f"{money(v)} {words[name]}") for name, v in told.items() if v is not None]
    return [*(pairs(rows) if rows else []), *(f"  {line}" for line in _reasons(plan))]


def _reasons(plan: "Plan") -> list[str]:
    return [line for reason in plan.reasons if " " in reason for line in wrap(reason, 98)]


def no_regret(inst: "Instance", plan: "Plan") -> list[str]:
    """What is ordered in every scenario."""
    frame = plan.tables["no_regret"]
    if frame.empty:
        return ["Ordered in every scenario: nothing"]
    rows = [
        (t, s, " ".join(filter(None, (KINDS.get(kind, u), g, n))), _number(units, mw))
        for kind, s, u, g, n, t, units, mw in frame.itertuples(index=False, name=None)
    ]
    place = {t: i for i, t in enumerate(inst.periods)}
    rows.sort(key=lambda row: place[row[0]])
    heads = ("period", "site", "what", "number")
    return ["Ordered in every scenario", *_table(heads, rows, "lllr", "no_regret")]


def triggers(inst: "Instance", plan: "Plan") -> list[str]:
    """What is ordered beyond that, in which scenario, and when that is decided."""
    frame = plan.tables["triggers"]
    if frame.empty:
        return ["Beyond that: nothing in any scenario"]
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for row in frame.to_dict("records"):
        what = KINDS.get(row["kind"], row["unit_type"])
        what += "".join(f" {row[name]}" for name in ("upgrade", "option") if row[name])
        key = (row["decide_by"], row["site"], what)
        rows.setdefault(key, {})[row["scenario"]] = _number(row["units"], row["mw"])
    names = list(inst.scenarios)
    shown = [(*key, *(amounts.get(w, "") for w in names)) for key, amounts in sorted(rows.items())]
    heads = ("decide by", "site", "what", *names)
    align = "lll" + "r" * len(names)
    title = "Beyond that, by scenario, when it is known which one comes"
    return [title, *_table(heads, shown, align, "triggers")]


def _number(units: int, mw: float) -> str:
    return f"{units:,}" if units else amount(mw)


def _table(
    heads: Sequence[str], rows: Sequence[tuple[str, ...]], align: str, name: str
) -> list[str]:
    lines = table(heads, rows[:MOST_ORDERS], align)
    if (more := len(rows) - MOST_ORDERS) > 0:
        lines.append(f"  and {more} more in tables/{name}.csv")
    return lines
