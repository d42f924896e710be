"""Comparing a table of the plan, row by row, with the same table computed anew."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Ints
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan
from optimizer.verify.specs import EMPTY, SPECS
from optimizer.verify.tables import label

ABSENT = -1
"""The position of a row that the plan's table does not have."""


def compare_rows(
    plan: Plan, findings: Findings, family: str, table: str, expected: pd.DataFrame
) -> Ints:
    """Note rows that are missing and figures that differ.

    `expected` holds positions for names, the figures to compare, and `required`: true for rows
    that must be there. Any other row may be left out if its figures are 0. The result gives, for
    each expected row, its position in the plan's table, or ABSENT.
    """
    keys, written = SPECS[table].keys, plan.tables[table]
    sizes = [len(plan.names[key]) + 1 for key in keys]
    ours, theirs = _codes(expected, keys, sizes), _codes(written, keys, sizes)
    every = np.union1d(ours, theirs)
    our_place, their_place = np.searchsorted(every, ours), np.searchsorted(every, theirs)
    position = np.full(len(every), ABSENT, dtype=np.int64)
    position[their_place] = np.arange(len(theirs))
    missing = np.zeros(len(every), dtype=bool)
    missing[our_place] = expected["required"].to_numpy()
    missing &= position == ABSENT

    def where(row: int) -> str:
        places = np.unravel_index(every[row], sizes)
        return label(plan.names, keys, [int(place) + EMPTY for place in places])

    findings.refuse(family, missing, lambda i: f"the table {table} has no row for {where(i)}")
    for figure in (name for name in SPECS[table].amounts if name in expected):
        found, told = np.zeros(len(every)), np.zeros(len(every))
        found[our_place] = expected[figure].to_numpy()
        told[their_place] = written[figure].to_numpy()
        findings.equal(
            family,
            np.where(missing, found, told),
            found,
            lambda i, figure=figure, told=told, found=found: (
                f"the table {table} gives {figure} "
                f"{amount(told[i])} for {where(i)}; recomputed it is {amount(found[i])}"
            ),
        )
    return position[our_place]


def _codes(frame: pd.DataFrame, keys: tuple[str, ...], sizes: list[int]) -> Ints:
    """One number for the names of each row; an empty name comes first."""
    columns = tuple(frame[key].to_numpy(dtype=np.int64) - EMPTY for key in keys)
    return np.asarray(np.ravel_multi_index(columns, sizes), dtype=np.int64)
