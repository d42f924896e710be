"""Trade-offs, sites and orders over all cases."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from optimizer.cli.layout import WIDTH, table, wrap
from optimizer.cli.study.summary.heads import headed
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
            *(f"  {line}" for line in wrap(found.frontier_note, WIDTH - 2)),
            *table(heads, lines, "lrr"),
            *rest,
        ]


def sites(found: "Summary") -> list[str]:
    """Sites that are open at the end in all, some, or none of the cases."""
    if found.sites.empty:
        return []
    group = found.sites["group"].iloc[0]
    lines = wrap(f"Sites over {_over(found)}", WIDTH)
    some = found.sites[found.sites["verdict"] != "never"]
    ranked = some.sort_values(["share", "it_mw"], ascending=False, kind="stable")
    first: dict[str, str] = {}
    everywhere = found.site_shares[found.site_shares["group"] == group]
    for site, period, share in everywhere[["site", "period", "share"]].itertuples(index=False):
        if share >= 0.5:
            first.setdefault(site, period)
    rows = [
        (
            row["site"],
            "open from the start" if row["opened"] else row["verdict"],
            percent(row["share"]),
            first.get(row["site"], "–"),
            number(row["units"]),
            number(row["it_mw"]),
        )
        for row in ranked[:MOST_SITES].to_dict("records")
    ]
    heads = ("site", "open", "share\nof cases", "median\nopening", "mean units\nat the end",
             "mean IT MW\nat the end")  # fmt: skip
    lines += headed(heads, rows, "llrlrr") if rows else []
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
        return wrap(f"No order is made in at least 90 % of the {_over(found)}", WIDTH)
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
    heads = ("period", "site", "unit type", "smallest number\nin those cases", "mean\nover all",
             "share\nof cases")  # fmt: skip
    title = f"Orders made in at least 90 % of cases, over {_over(found)}"
    lines = [*wrap(title, WIDTH), *headed(heads, rows, "lllrrr")]
    if (more := len(found.orders) - MOST_ORDERS) > 0:
        lines.append(f"  and {more} more; --json lists them")
    return lines


def _over(found: "Summary") -> str:
    """The cases by which sites and orders are judged."""
    group, cases = found.sites[["group", "cases"]].iloc[0]
    if group != "all":
        return f"{cases:,} cases of the {group} with a plan"
    groups = [name for name in found.site_shares["group"].unique() if name != group]
    mixed = f", groups mixed: {', '.join(groups)}" if len(groups) > 1 else ""
    return f"{cases:,} different case{'' if cases == 1 else 's'} with a plan{mixed}"


def _head(words: str, unit: str) -> str:
    every = " (all workloads)" if unit == "Ttok" else ""
    return f"{words}{every}, {unit}" if unit else words


def _told(name: str, value: float) -> str:
    if name.endswith("_share"):
        return percent(value)
    return amount(value) if name.endswith("_musd") else number(value)
