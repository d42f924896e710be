"""Alternatives as a page of text."""

from collections.abc import Hashable, Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from optimizer.cli.layout import WIDTH, pairs, table, wrap
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

ROLES = {
    "must have": ("Must have, in all of these plans", "Must have, proven"),
    "choice": ("Real choices", "Real choices"),
    "never": ("Never chosen by these plans", "Never chosen, proven"),
}
"""What sites are called; and where it is proven for all plans within the cost."""


def alternatives_in_words(
    inst: "Instance", found: "Alternatives", within: float, differ: int, *, asked: bool
) -> str:
    """The plans, where they stand, and what sites are to them.

    `asked` says that it was asked what sites are to all plans within the cost.
    """
    bound = found.bound_musd
    proven = "" if bound is None else f"; no plan costs less than {money(bound)}"
    answers = found.table["answers"]
    many = int((answers == "").sum())
    sites = "one site" if differ == 1 else f"{differ} sites"
    head = f"{many} plans, pairwise different in {sites} or more"
    if many == 1:
        head = f"one plan; none was found that differs from it in {sites} or more"
    if many < len(answers):
        head += f"; {len(answers) - many} more with a site decided otherwise"
    lines = [
        f"{inst.name}: {head}",
        f"  each costs at most {money(found.most_musd or 0.0)}, {percent(within)} above plan 00"
        f"{proven}",
        *_plans(found),
    ]
    if many < len(answers):
        said = [f"{n} is {one}" for n, one in zip(found.table["plan"], answers, strict=True) if one]
        lines += [f"  {line}" for line in wrap(f"plan {', '.join(said)}", WIDTH - 2)]
    if ENDED[found.ended]:
        lines.append(ENDED[found.ended])
    if many > 1 or found.ended == "no more" or asked:
        means = f"; proven: no plan within {percent(within)} of plan 00 decides otherwise"
        agreed = found.sites["proven"] & (found.sites["role"] != "choice")
        head = f"Sites that units are ordered for{means if agreed.any() else ''}"
        lines += [head, *pairs(_roles(found))]
    unknown = found.sites.loc[~found.sites["proven"], "site"]
    if asked and len(unknown):
        until = "when interrupted" if found.ended == "interrupted" else "in the time"
        lines += wrap(f"Without an answer {until}: {', '.join(unknown)}", WIDTH)
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


def _roles(found: "Alternatives") -> list[tuple[str, str]]:
    """The sites of each role, those first for which it is proven."""
    out = []
    for role, words in ROLES.items():
        rows = found.sites[found.sites["role"] == role]
        for proven in sorted(set(rows["proven"]), reverse=True) or [False]:
            some = rows[rows["proven"] == proven].to_dict("records")
            names = [_site(row, len(found.plans)) for row in some]
            out.append((f"{words[proven]} ({len(names)})", ", ".join(names) or "none"))
    return out


def _site(row: Mapping[Hashable, Any], plans: int) -> str:
    """A site; of a choice also how many choose it, and what deciding otherwise costs."""
    if row["role"] != "choice":
        return str(row["site"])
    return (
        f"{row['site']} ({row['plans']} of {plans}; otherwise {money(row['cost_otherwise_musd'])})"
    )
