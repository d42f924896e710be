"""The certificate: what was proven and checked, of which instance, with what."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from optimizer.figures import gap, seconds
from optimizer.plan.words import total_of
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading


def section(seen: Reading) -> Section:
    """Status, bound, gap, checker, second opinions, deviations, hashes, versions and options."""
    plan, told = seen.whole or seen.plan, seen.certificate
    pairs = [
        ("status", plan.status),
        (total_of(plan), _musd(plan.objective_musd)),
        ("no plan costs less than", _musd(plan.bound_musd)),
        ("gap", "not known" if plan.gap is None else gap(plan.gap)),
        *_bound(_part(told, "bound")),
        ("independent checker", _checked(seen)),
        *_opinions(told),
        ("instance", plan.name),
        ("hash of the instance", plan.instance_sha256),
        *_changed(_part(told, "instance")),
        ("solved by", ", ".join(f"{name} {number}" for name, number in plan.versions.items())),
        (
            "options",
            ", ".join(
                f"{k.replace('_', ' ')} {v}" for k, v in plan.options.items() if v is not None
            ),
        ),
        ("time", ", ".join(f"{name} {seconds(spent)}" for name, spent in plan.seconds.items())),
    ]
    figures = [*_deviations(told), *_files(told)]
    return Section("certificate", "Certificate", figures=figures, pairs=pairs)


def _musd(value: float | None) -> str:
    return "none" if value is None else f"{value:,.4f} MUSD"


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def _bound(bound: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What proved the bound, and what can be proven again without a solver."""
    pairs = []
    if bound.get("proved_by"):
        pairs.append(("bound proved by", str(bound["proved_by"])))
    if isinstance(alone := bound.get("from_duals"), Mapping):
        again = f"{_musd(alone['musd'])}, from {alone['rows']:,} duals; 'buildplan verify --bound'"
        pairs.append(("proven again without a solver", again))
    elif bound.get("why_no_duals"):
        pairs.append(("proven again without a solver", f"no: {bound['why_no_duals']}"))
    return pairs


def _opinions(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What second solvers said."""
    if not told:
        return []
    said = [f"{one['verdict']}: {one['words']}" for one in told.get("cross_check", ())]
    return [("second opinions", "; ".join(said) or "not asked; 'solve --cross-check' does")]


def _changed(instance: Mapping[str, Any]) -> list[tuple[str, str]]:
    changed = instance.get("changed") or ()
    return [("changed after reading", ", ".join(map(str, changed)))] if changed else []


def _deviations(told: Mapping[str, Any]) -> list[Figure]:
    rows = [
        (family.replace("_", " "), float(one["largest"]), one["unit"])
        for family, one in _part(told, "deviations").items()
    ]
    if not rows:
        return []
    frame = pd.DataFrame(rows, columns=["rules", "deviation", "unit"])
    frame = frame.sort_values("deviation", ascending=False, kind="stable").reset_index(drop=True)
    frame["deviation"] = frame["deviation"].map(lambda amount: f"{amount:.1e}" if amount else "0")
    note = "The largest that the checker found in each family of rules; up to 1e-6 is rounding."
    return [Figure("deviations", "Deviations", note, frame, closed=True)]


def _files(told: Mapping[str, Any]) -> list[Figure]:
    read, written = _part(_part(told, "instance"), "files"), _part(told, "files")
    rows = [("read", name, digest) for name, digest in read.items()]
    rows += [("written", name, digest) for name, digest in written.items()]
    if not rows:
        return []
    frame = pd.DataFrame(rows, columns=["what", "file", "sha256"])
    return [Figure("files", "Files", "As sha256sum gives them.", frame, closed=True)]


def _checked(seen: Reading) -> str:
    plan = seen.whole or seen.plan
    if plan.objective_musd is None:
        return "there is nothing to check"
    if plan.verified:
        return "accepted: every constraint, cost and figure was recomputed from the files"
    return "REFUSED: " + "; ".join(plan.violations)
