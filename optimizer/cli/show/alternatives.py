"""Alternatives as a page of text."""

from math import isnan
from typing import TYPE_CHECKING

from optimizer.cli.layout import pairs, table
from optimizer.figures import money, number, percent

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.alternatives import Alternatives

ENDED = {
    "found": "",
    "no more": "There is no further plan that differs so much within this cost: proven",
    "stopped": "No further plan was found in the time; there may be one",
    "interrupted": "Interrupted; these are the plans found so far",
}

ROLES = (
    ("must have", "Must have, in all of these plans", "Must have, in every plan within this cost"),
    ("choice", "Real choices", "Real choices"),
    ("never", "Never chosen", "Never chosen by any plan within this cost"),
)
"""What sites are called; and where these are all plans that choose other sites."""


def alternatives_in_words(
    inst: "Instance", found: "Alternatives", within: float, differ: int
) -> str:
    """The plans, where they stand, and what sites are to them."""
    bound = found.bound_musd
    proven = "" if bound is None else f"; no plan costs less than {money(bound)}"
    many = len(found.plans)
    sites = "one site" if differ == 1 else f"{differ} sites"
    head = f"{many} plans, pairwise different in {sites} or more"
    if many == 1:
        head = f"one plan; none was found that differs from it in {sites} or more"
    lines = [
        f"{inst.name}: {head}",
        f"  each costs at most {money(found.most_musd or 0.0)}, {percent(within)} above plan 00"
        f"{proven}",
        *_plans(found),
    ]
    if ENDED[found.ended]:
        lines.append(ENDED[found.ended])
    if many > 1 or found.ended == "no more":
        lines += ["Sites that units are ordered for", *pairs(_roles(found, differ))]
    return "\n".join(lines)


def _plans(found: "Alternatives") -> list[str]:
    spread = {
        (plan, by): f"{holders} ({percent(share)})" if holders else "0"
        for plan, by, holders, share in found.diversity[
            ["plan", "by", "holders", "largest_share"]
        ].itertuples(index=False, name=None)
    }
    rows = [
        (
            row["plan"],
            money(row["cost_musd"]),
            _above(row["above_first"]),
            _above(row["above_bound"]),
            str(row["sites"]),
            str(row["differs_least"]),
            spread[row["plan"], "jurisdiction"],
            spread[row["plan"], "operator"],
            number(row["carbon_tco2"] / 1e3),
            "verified" if row["verified"] else "NOT VERIFIED",
        )
        for row in found.table.to_dict("records")
    ]
    heads = (
        "plan",
        "cost",
        "above 00",
        "above bound",
        "sites",
        "differs",
        "countries",
        "operators",
        "ktCO2",
        "",
    )
    return [
        *table(heads, rows, "lrrrrrrrrl"),
        "  differs: sites that differ from the plan most like it; countries, operators: how many,",
        "  and the largest share of the IT power in the last period",
    ]


def _above(ratio: float) -> str:
    """A part of the cost in percent; of which a plan found later may have less than the first."""
    return "" if isnan(ratio) else f"{100 * ratio + 0.0:.2f} %"


def _roles(found: "Alternatives", differ: int) -> list[tuple[str, str]]:
    out = []
    every = found.ended == "no more" and differ == 1
    for role, these, all_plans in ROLES:
        words = all_plans if every else these
        rows = found.sites[found.sites["role"] == role]
        names = [
            f"{s} ({n} of {len(found.plans)})" if role == "choice" else str(s)
            for s, n in rows[["site", "plans"]].itertuples(index=False)
        ]
        out.append((f"{words} ({len(names)})", ", ".join(names) or "none"))
    return out
