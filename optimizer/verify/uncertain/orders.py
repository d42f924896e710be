"""What is ordered in every scenario, and what waits until more is known, found anew."""

from collections.abc import Mapping

import pandas as pd

from models.instance import Instance
from optimizer.verify.findings import Findings
from optimizer.verify.uncertain.reading import FAMILY, PLACE, Order, orders_of
from optimizer.verify.uncertain.sharing import reveal_dates, told
from optimizer.verify.uncertain.specs import OWN_SPECS


def check(
    inst: Instance,
    own: Mapping[str, Mapping[str, pd.DataFrame]],
    tables: Mapping[str, pd.DataFrame],
    findings: Findings,
) -> None:
    """Check the tables no_regret and triggers."""
    ordered = {w: orders_of(one) for w, one in own.items()}
    every = set.intersection(*(set(one) for one in ordered.values()))
    surely = {one: min(units[one] for units in ordered.values()) for one in every}
    expected = {one: (count,) for one, count in surely.items()}
    _compare("no_regret", tables, ("kind", *PLACE), expected, findings)
    waiting: dict[Order, tuple[object, ...]] = {}
    start = {period.name: period.start for period in inst.horizon.periods()}
    revealed = reveal_dates(inst)
    for w, units in ordered.items():
        for one, count in units.items():
            if (beyond := count - surely.get(one, 0)) and one[-1] in start:
                day = start[one[-1]]
                known = [other for other in revealed.values() if other <= day]
                awaits = revealed[w] if revealed[w] <= day else max(known, default=day)
                waiting[(w, *one)] = (beyond, f"{day}", f"{awaits}")
    _compare("triggers", tables, ("scenario", "kind", *PLACE), waiting, findings)


def _compare(
    name: str,
    tables: Mapping[str, pd.DataFrame],
    keys: tuple[str, ...],
    found: Mapping[Order, tuple[object, ...]],
    findings: Findings,
) -> None:
    """Note where a table says other than what was found."""
    frame = tables.get(name)
    columns = (*keys, *OWN_SPECS[name].amounts, *OWN_SPECS[name].texts)
    if not isinstance(frame, pd.DataFrame) or any(c not in frame.columns for c in columns):
        findings.add(FAMILY, f"the table {name} is missing, or lacks one of {', '.join(columns)}")
        return
    given: dict[Order, tuple[object, ...]] = {}
    for row in frame[list(columns)].itertuples(index=False, name=None):
        one = tuple("" if pd.isna(part) else str(part) for part in row[: len(keys)])
        if one in given:
            findings.add(FAMILY, f"the table {name} has more than one row for {told(one)}")
        given[one] = tuple(row[len(keys) :])
    for one in dict.fromkeys((*given, *found)):
        if given.get(one) != found.get(one):
            said, right = (_words(which.get(one, ("nothing",))) for which in (given, found))
            message = f"the table {name} says {said} for {told(one)}; it is {right}"
            findings.add(FAMILY, message)


def _words(row: tuple[object, ...]) -> str:
    return ", ".join(str(part) for part in row)
