"""What is ordered in every scenario, and what waits until more is known, found anew."""

from collections.abc import Mapping

import pandas as pd

from models.instance import Instance
from optimizer.verify.claims import number
from optimizer.verify.findings import TOLERANCE, Findings
from optimizer.verify.uncertain.reading import FAMILY, PLACE, Order, orders_of
from optimizer.verify.uncertain.sharing import reveal_dates, told
from optimizer.verify.uncertain.specs import OWN_SPECS

Amounts = tuple[float, float]
"""A number of things, and MW; one of them is 0."""

Row = tuple[Amounts, tuple[str, ...]]
"""The amounts of a row, and its dates, if it has any."""

MEGAWATTS = ("conversion", "lease")
"""Kinds of orders whose amount is in MW."""


def check(
    inst: Instance,
    own: Mapping[str, Mapping[str, pd.DataFrame]],
    tables: Mapping[str, pd.DataFrame],
    findings: Findings,
) -> None:
    """Check the tables no_regret and triggers."""
    ordered = {w: orders_of(one) for w, one in own.items()}
    every = set.intersection(*(set(one) for one in ordered.values()))
    surely = {one: min(amounts[one] for amounts in ordered.values()) for one in every}
    expected: dict[Order, Row] = {one: (_amounts(one, n), ()) for one, n in surely.items()}
    _compare("no_regret", tables, ("kind", *PLACE), expected, findings)
    waiting: dict[Order, Row] = {}
    start = {period.name: period.start for period in inst.horizon.periods()}
    revealed = reveal_dates(inst)
    for w, amounts in ordered.items():
        for one, amount in amounts.items():
            if (beyond := amount - surely.get(one, 0.0)) and one[-1] in start:
                day = start[one[-1]]
                known = [other for other in revealed.values() if other <= day]
                awaits = revealed[w] if revealed[w] <= day else max(known, default=day)
                waiting[(w, *one)] = _amounts(one, beyond), (f"{day}", f"{awaits}")
    _compare("triggers", tables, ("scenario", "kind", *PLACE), waiting, findings)


def _amounts(one: Order, amount: float) -> Amounts:
    return (0.0, amount) if one[0] in MEGAWATTS else (amount, 0.0)


def _compare(
    name: str,
    tables: Mapping[str, pd.DataFrame],
    keys: tuple[str, ...],
    found: Mapping[Order, Row],
    findings: Findings,
) -> None:
    """Note where a table says other than what was found; amounts of nothing need no row."""
    frame = tables.get(name)
    columns = (*keys, *OWN_SPECS[name].amounts, *OWN_SPECS[name].texts)
    if not isinstance(frame, pd.DataFrame) or any(c not in frame.columns for c in columns):
        findings.add(FAMILY, f"the table {name} is missing, or lacks one of {', '.join(columns)}")
        return
    given: dict[Order, Row] = {}
    for row in frame[list(columns)].itertuples(index=False, name=None):
        one = tuple("" if pd.isna(part) else str(part) for part in row[: len(keys)])
        if one in given:
            findings.add(FAMILY, f"the table {name} has more than one row for {told(one)}")
        units, mw, *dates = row[len(keys) :]
        told_amounts = number(units) or 0.0, number(mw) or 0.0
        given[one] = told_amounts, tuple(map(str, dates))
    nothing: Row = ((0.0, 0.0), ())
    for one in dict.fromkeys((*given, *found)):
        said, right = given.get(one, nothing), found.get(one, nothing)
        if not _same(said, right):
            message = f"the table {name} says {_words(said)} for {told(one)}; it is {_words(right)}"
            findings.add(FAMILY, message)


def _same(said: Row, right: Row) -> bool:
    """True if amounts are the same within tolerance, and, unless they are 0, the dates too."""
    size = max(1.0, *right[0])
    near = all(abs(a - b) <= TOLERANCE * size for a, b in zip(said[0], right[0], strict=True))
    return near and (said[1] == right[1] or max(*said[0], *right[0]) <= TOLERANCE * size)


def _words(row: Row) -> str:
    (units, mw), dates = row
    if not (units or mw):
        return "nothing"
    return ", ".join((f"{mw:.9g} MW" if mw else f"{units:.9g}", *dates))
