"""Trade-offs, sites and orders over all cases."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from optimizer.cli.layout import WIDTH, table, wrap
from optimizer.figures import amount, number, percent

if TYPE_CHECKING:
    from optimizer.study.summary import Summary

MOST_POINTS = 15
MOST_SITES = 30
MOST_ORDERS = 30


def frontiers(found: "Summary") -> Iterator[list[str]]:
    """For each pair of figures, the cases that no other one beats in both."""
    from optimizer.study.results.figures import figure

    for (first, second), rows in found.frontier.groupby(["first", "second"], sort=False):
        x, y = figure(str(first)), figure(str(second))
        heads = ("case", _head(x.words, x.unit), _head(y.words, y.unit))
        points = list(rows[["case", "first_value", "second_value"]].itertuples(index=False))
        lines = [
            (case, _told(str(first), a), _told(str(second), b))
            for case, a, b in points[:MOST_POINTS]
        ]
        more = len(points) - MOST_POINTS
        rest = [f"  and {more} more; --json lists them"] if more > 0 else []
        yield [
            f"Frontier: no other case beats these in both {x.words} and {y.words}",
            *table(heads, lines, "lrr"),
            *rest,
        ]


def sites(found: "Summary") -> list[str]:
    """Sites that are open in all, some, or none of the cases."""
    if found.sites.empty:
        return []
    lines = ["Sites over all cases with a plan"]
    some = found.sites[found.sites["verdict"] != "never"]
    ranked = some.sort_values(["share", "it_mw"], ascending=False, kind="stable")
    first: dict[str, str] = {}
    everywhere = found.site_shares[found.site_shares["group"] == "all"]
    for site, period, share in everywhere[["site", "period", "share"]].itertuples(index=False):
        if share >= 0.5:
            first.setdefault(site, period)
    rows = [
        (
            row["site"],
            "open already" if row["opened"] else row["verdict"],
            percent(row["share"]),
            first.get(row["site"], "–"),
            number(row["units"]),
            number(row["it_mw"]),
        )
        for row in ranked[:MOST_SITES].to_dict("records")
    ]
    heads = ("site", "open", "of cases", "in half of them by", "units", "IT MW")
    lines += table(heads, rows, "llrlrr") if rows else []
    if (more := len(ranked) - MOST_SITES) > 0:
        lines.append(f"  and {more} more; --json lists them")
    if never := list(found.sites.loc[found.sites["verdict"] == "never", "site"]):
        lines += [f"  {line}" for line in wrap(f"never: {', '.join(never)}", WIDTH - 2)]
    return lines


def orders(found: "Summary") -> list[str]:
    """What is ordered in at least 90 % of the cases."""
    if found.sites.empty:
        return []
    if found.orders.empty:
        return ["No order is the same in 90 % of the cases"]
    rows = [
        (
            row["period"],
            row["site"],
            row["unit_type"],
            f"{row['sure_units']:,}",
            amount(row["mean_units"]),
            percent(row["share"]),
        )
        for row in found.orders[:MOST_ORDERS].to_dict("records")
    ]
    heads = ("period", "site", "unit type", "units at least", "mean", "of cases")
    lines = ["Orders without regret: in at least 90 % of the cases", *table(heads, rows, "lllrrr")]
    if (more := len(found.orders) - MOST_ORDERS) > 0:
        lines.append(f"  and {more} more; --json lists them")
    return lines


def _head(words: str, unit: str) -> str:
    return f"{words}, {unit}" if unit else words


def _told(name: str, value: float) -> str:
    if name.endswith("_share"):
        return percent(value)
    return amount(value) if name.endswith("_musd") else number(value)
