"""A replay in words."""

from math import isnan
from typing import TYPE_CHECKING

from optimizer.cli.layout import pairs, table
from optimizer.compare.words.costs import signed
from optimizer.figures import amount, money

if TYPE_CHECKING:
    from optimizer.replan.rolling.replay import Replay


def in_words(found: "Replay") -> str:
    """What each moment plans, what it all costs, and what hindsight would have saved."""
    rows = [
        (
            str(row["date"]),
            str(row["known"]),
            str(row["status"]),
            str(row["placed"]),
            _money(row["cost_musd"]),
            "" if isnan(row["change_musd"]) else signed(row["change_musd"]),
            _money(row["changes_musd"]),
        )
        for row in found.steps.to_dict("records")
    ]
    heads = ("from", "known", "plan", "placed", "cost", "change", "for changes")
    lines = [found.name, *table(heads, rows, "lllrrrr")]
    return "\n".join([*lines, "", *pairs(_result(found))])


def _money(musd: float) -> str:
    return "" if isnan(musd) else amount(musd)


def _result(found: "Replay") -> list[tuple[str, str]]:
    told = []
    if found.realised_musd is not None:
        told.append(("realised", f"{amount(found.realised_musd)} MUSD"))
    if abs(found.agreed_musd) >= 0.05:
        text = f"{signed(found.agreed_musd)} MUSD, as orders placed cost what was agreed"
        told.append(("of which", text))
    hindsight = found.hindsight
    if hindsight.objective_musd is None:
        told.append(("hindsight", f"{hindsight.status}: {'; '.join(hindsight.reasons)}"))
    else:
        told.append(("hindsight", f"{amount(hindsight.objective_musd)} MUSD, all known at first"))
    if found.regret_musd is not None:
        low, high = found.regret_musd
        range_ = f" ({amount(low)} to {amount(high)} within the gap)" if high - low > 0.1 else ""
        told.append(("regret", f"{amount(low)} MUSD{range_}"))
    if found.unmoved is not None and found.unmoved.objective_musd is not None:
        cost = found.unmoved.objective_musd
        told.append(("never replanned", f"{amount(cost)} MUSD, the first plan kept to the end"))
        if found.realised_musd is not None:
            told.append(("replanning saves", money(cost - found.realised_musd)))
    else:
        told.append(("never replanned", f"not possible: {found.unmoved_note}"))
    return told
