"""Rentals: bought where law and latency allow, no more than is offered (X1), and paid for."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.checks.origin import admitted_origins
from optimizer.verify.checks.routes import latency_limits
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import ROUNDING, Findings, amount
from optimizer.verify.money import paid_mtok_s
from optimizer.verify.plan import Flows, Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check X1, the lawfulness of each purchase, and the table of the use of offers."""
    _check_lawful(facts, plan, findings)
    names, periods = list(facts.inst.rentals), facts.calendar.names
    peak, most = rented_peak(facts, plan), facts.rentals.most
    findings.at_most(
        "rental",
        peak,
        most,
        lambda x, t: (
            f"{amount(peak[x, t], 'Mtok/s')} are rented from {names[x]} at the peak of "
            f"{periods[t]}, {amount(peak[x, t] - most[x, t])} over the {amount(most[x, t])} offered"
        ),
    )
    bought = plan.bought
    x, t = np.indices(bought.shape).reshape(2, -1)
    expected = pd.DataFrame(
        {
            "offer": x,
            "period": t,
            "mtok_s": bought.ravel(),
            "paid_mtok_s": paid_mtok_s(facts, plan).ravel(),
            "used": (bought > 0).ravel().astype(float),
            "required": (bought > 0).ravel(),
        }
    )
    compare_rows(plan, findings, "rental", "rental_use", expected)


def rented_peak(facts: Facts, plan: Plan) -> Floats:
    """What offers make at the peak of the slice that asks for most, by offer and period."""
    rows = plan.rentals
    at_peak = facts.peak[rows.workload] * rows.mtok_s
    peak = np.zeros((*facts.rentals.most.shape, len(facts.slices.share)))
    np.add.at(peak, (rows.site, rows.period, rows.slice), at_peak)
    most: Floats = peak.max(axis=2)
    return most


def _check_lawful(facts: Facts, plan: Plan, findings: Findings) -> None:
    rows, streams = plan.rentals, facts.streams
    names, periods = list(facts.inst.rentals), facts.calendar.names
    bought, asked = rows.mtok_s > ROUNDING, rows.stream >= 0
    findings.refuse(
        "demand",
        bought & ~asked,
        lambda i: f"row {i + 1} of the rentals serves a stream that nobody asks for",
    )
    for holds, reason in lawful_purchases(facts, rows):
        findings.refuse(
            "rental",
            bought & asked & ~holds,
            lambda i, reason=reason: (
                f"{'/'.join(streams.names[rows.stream[i]])} is rented from {names[rows.site[i]]} "
                f"in {periods[rows.period[i]]}, {reason}"
            ),
        )


def lawful_purchases(facts: Facts, rows: Flows) -> tuple[tuple[Bools, str], ...]:
    """What must hold for each row of tokens bought, and what to say where it does not."""
    late = facts.rentals.rtt_ms[rows.region, rows.site] > latency_limits(facts)[rows.workload] * (
        1.0 + ROUNDING
    )
    origins = admitted_origins(facts, [x.origin for x in facts.inst.rentals.values()])
    origins = np.append(origins, np.zeros((1, len(facts.inst.rentals)), dtype=bool), axis=0)
    return (
        (_lawful(facts)[rows.stream, rows.site], "which its law forbids"),
        (origins[rows.stream, rows.site], "whose origin of supply its law refuses"),
        (~late, "which is too far away for its latency limit"),
        (facts.rentals.serves[rows.site, rows.workload], "which does not do such work"),
    )


def _lawful(facts: Facts) -> Bools:
    """True, by stream and offer, if the law admits it; the last row stands for no stream."""
    homes = {name: region.jurisdiction for name, region in facts.inst.regions.items()}
    rows = [facts.rentals.permitted[homes[r], d] for r, _, d in facts.streams.names]
    return np.array([*rows, np.zeros(len(facts.inst.rentals), dtype=bool)])
