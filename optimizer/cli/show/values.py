"""What limits are worth, and what a rule costs, as a page of text."""

from collections.abc import Hashable, Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from optimizer.cli.layout import table
from optimizer.figures import gap as gap_in_words
from optimizer.figures import money, number

if TYPE_CHECKING:
    import pandas as pd

    from models.instance import Instance
    from optimizer.values import Values

MOST_OTHERS = 5
"""So many levers that were not solved again are printed."""

MOST_OPTIONS = 6
"""A law that stands in more places than that is not written out."""

MOST_SETS = 3
"""For so many levers the options that move them are printed; the table in --out has all."""


NOTHING_MUSD = 1e-6
"""A smaller change is none [MUSD]."""

ESTIMATES = (
    "  built: estimated by duals, marginal, with what is built fixed; sites: likewise, with",
    "  what is open fixed, units and halls in parts",
)


def values_in_words(inst: "Instance", found: "Values", price_of: str | None) -> str:
    """The values as a page of text."""
    base = found.base
    proof = "" if base.gap is None else f", proven to {gap_in_words(base.gap)}"
    cost = "" if base.objective_musd is None else money(base.objective_musd)
    title = f"{inst.name}: {cost} without changes{proof}"
    solved = found.table[found.table["status"] != ""]
    if found.table.empty:
        lines = [title, "No limit holds this plan back"]
    elif price_of is not None:
        lines = [title, *_prices(found.table, price_of)]
    else:
        lines = [title, *_values(found.table)]
    lines += _sets(solved)
    lines += [f"  {name}: no value; {why}" for name, why in found.failed.items()]
    return "\n".join(lines)


def _values(rows: "pd.DataFrame") -> list[str]:
    shown = _shown(rows)
    estimated = bool(rows["estimate_sites_musd"].notna().any())
    heads = ["lever", *(["built", "sites"] if estimated else []), "exact", "between", "per unit"]
    cells = []
    for row in shown.to_dict("records"):
        estimates = [_figure(row[name]) for name in ("estimate_built_musd", "estimate_sites_musd")]
        cells.append(
            [
                str(row["lever"]),
                *(estimates if estimated else []),
                _figure(row["change_musd"]),
                _between(row["change_low_musd"], row["change_high_musd"]),
                _per_unit(row),
            ]
        )
    more = len(rows) - len(shown)
    return [
        "What the least cost changes by when a limit gives way [MUSD]; negative saves",
        *table(heads, cells, "lrrrll" if estimated else "lrll"),
        *([f"  and {more} more that are not solved again; --top solves more"] if more else []),
        *(ESTIMATES if estimated else []),
        "  exact: solved again; between: what the gaps of both solves leave open",
        *_unsure(rows),
    ]


def _prices(rows: "pd.DataFrame", rule: str) -> list[str]:
    shown = _shown(rows)
    cells = [
        (
            str(row["at"] or "all of it"),
            str(row["path"]),
            _figure(-row["change_musd"]),
            _between(-row["change_high_musd"], -row["change_low_musd"]),
        )
        for row in shown.to_dict("records")
    ]
    more = len(rows) - len(shown)
    return [
        f"The price of {rule.replace('_', ' ')}: what the plan costs more because it holds [MUSD]",
        *table(("lifted", "where it stands", "price", "between"), cells, "llrl"),
        *([f"  and {more} more parts that are not lifted; --top lifts more"] if more else []),
        "  parts are lifted one at a time, so their prices need not add up; between: what the gaps",
        "  of both solves leave open",
        *_unsure(rows),
    ]


def _shown(rows: "pd.DataFrame") -> "pd.DataFrame":
    """The levers that were solved again, and a few of those that come next."""
    solved = int((rows["status"] != "").sum())
    return rows.head(solved + MOST_OTHERS)


def _unsure(rows: "pd.DataFrame") -> list[str]:
    """How many exact values the gaps are too wide for."""
    low, high = rows["change_low_musd"], rows["change_high_musd"]
    holds_0 = (low <= NOTHING_MUSD) & (high >= -NOTHING_MUSD)
    unsure = int((holds_0 & (high - low > NOTHING_MUSD)).sum())
    if not unsure:
        return []
    return [f"  {unsure} of them cannot be told from 0 within these gaps; a smaller --gap can"]


def _sets(solved: "pd.DataFrame") -> list[str]:
    rows = solved[solved["change_musd"].abs() > NOTHING_MUSD].head(MOST_SETS)
    if rows.empty:
        return []
    listed = [
        f"  {name}\n    {_options(sets)}"
        for name, sets in rows[["lever", "set"]].itertuples(index=False)
    ]
    return ["What to add to `buildplan solve` for the first of them", *listed]


def _options(sets: str) -> str:
    """The options that move a lever; where there are very many, where they stand."""
    many = sets.count("--set ")
    if many <= MOST_OPTIONS:
        return sets
    return f"{many} options, which are in the column `set` of the table (--out, --json)"


def _figure(musd: float) -> str:
    return "" if isnan(musd) else number(musd)


def _between(low: float, high: float) -> str:
    return "" if isnan(low) or isnan(high) else f"{number(low)} to {number(high)}"


def _per_unit(row: Mapping[Hashable, Any]) -> str:
    each = row["change_musd_per_unit"]
    return "" if isnan(each) else f"{number(each)} per {str(row['unit']).removesuffix('s')}"
