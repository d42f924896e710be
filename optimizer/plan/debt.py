"""What pools owe, and which sites bear the interest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pandas as pd

from models.borrowing import discounted_interest, interest, interest_paid_in
from models.instance import Instance
from models.prices import CAPITAL
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame


def debt(inst: Instance, decided: Tables) -> pd.DataFrame:
    """Debt of each pool by period, and the interest on it, which is due at the period's end."""
    rows = [
        (p, t, musd, musd * interest(inst, p, t))
        for p, t, musd in decided["debt"].itertuples(index=False)
    ]
    return make_frame(rows, ["pool", "period"], ["debt_musd", "interest_musd"])


def interest_by_site(
    inst: Instance, owed: pd.DataFrame, invested: Iterable[tuple[str, str, str, float, float]]
) -> Iterator[tuple[str, str, str, float, float]]:
    """Interest as payments of sites: in proportion to what their pool pays for them in all."""
    paid_in = {τ: t for t, periods in interest_paid_in(inst).items() for τ in periods}
    spent: dict[str, float] = defaultdict(float)
    for s, _, term, musd, _ in invested:
        if term in CAPITAL:
            spent[s] += musd
    for p, t, musd, accrued in owed.itertuples(index=False):
        sites = [s for s, pool in inst.pool_of.items() if pool == p]
        total = sum(spent[s] for s in sites)
        for s in sites:
            part = spent[s] / total if total > 0 else 1 / len(sites)
            discounted = part * musd * discounted_interest(inst, p, t)
            yield s, paid_in[t], "interest", part * accrued, discounted
