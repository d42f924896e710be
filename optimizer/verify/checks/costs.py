"""Costs: each term of the objective, the objective, and the table of cash add up."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats, Ints
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.claims import compare, number, section
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan
from optimizer.verify.specs import EMPTY, TERMS


def check(
    facts: Facts, plan: Plan, money: Money, claim: Mapping[str, Any], findings: Findings
) -> None:
    """Check costs_musd, objective_musd and the table of cash."""
    told = section(claim, "costs_musd")
    for term, musd in money.costs.items():
        figure = told.get(term, 0.0)
        compare(findings, "cost", f"the cost {term}", told=figure, found=musd, unit="MUSD")
    for term in told:
        if term not in TERMS:
            findings.add("cost", f"the plan gives a cost '{term}', which is no known term")
    objective = claim.get("objective_musd")
    compare(findings, "cost", "objective_musd", told=objective, found=money.objective, unit="MUSD")
    compare_rows(plan, findings, "cost", "cash", _cash(facts, money))
    adds_up(findings, "the discounted cash", plan.tables["cash"]["discounted_musd"].sum(), claim)


def adds_up(findings: Findings, what: str, musd: float, claim: Mapping[str, Any]) -> None:
    """Note if the sum of a table is not the objective that the plan claims."""
    objective = number(claim.get("objective_musd"))
    if objective is not None:
        findings.equal(
            "cost",
            musd,
            objective,
            lambda: (
                f"{what} sums to {amount(musd, 'MUSD')}, the objective is "
                f"{amount(objective, 'MUSD')}"
            ),
        )


def _cash(facts: Facts, money: Money) -> pd.DataFrame:
    """The table of cash: by period, pool and term."""
    last = facts.calendar.count - 1
    parts = [
        _rows(
            pool,
            term,
            paid[facts.pool == pool].sum(axis=0),
            money.discounted[term][facts.pool == pool].sum(axis=0),
        )
        for term, paid in money.by_site.items()
        for pool in (EMPTY, *range(len(facts.grants)))
    ]
    for term, short in (
        ("shortfall", money.shortfall),
        ("rent", money.rent),
        ("contingency_shortfall", money.missing),
        ("revenue", -money.revenue),
    ):
        paid = short.sum(axis=0)
        parts.append(_rows(EMPTY, term, paid, paid * money.df_middle))
    parts.append(_rows(EMPTY, "portability", money.ported, money.ported * money.df_start))
    parts.append(_rows(EMPTY, "violations", money.penalties, money.penalties_worth))
    end = np.zeros(last + 1)
    end[last] = -money.end_value.sum()
    parts.append(_rows(EMPTY, "end_value", end, end * money.df_end))
    names = ("period", "pool", "term", "musd", "discounted_musd")
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pd.DataFrame(dict(zip(names, columns, strict=True)) | {"required": False})


def _rows(
    pool: int, term: str, paid: Floats, discounted: Floats
) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    """Period, pool, term, money paid and discounted, by period."""
    count = len(paid)
    where = np.full(count, pool), np.full(count, TERMS.index(term))
    return np.arange(count), *where, paid, discounted
