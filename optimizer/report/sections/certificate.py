"""The certificate: what was proven and checked, of which instance, with what."""

from optimizer.figures import gap, seconds
from optimizer.report.figure import Section
from optimizer.report.reading import Reading


def section(seen: Reading) -> Section:
    """Status, bound, gap, checker, hashes, versions and options."""
    plan = seen.plan

    def musd(value: float | None) -> str:
        return "none" if value is None else f"{value:,.4f} MUSD"

    pairs = [
        ("status", plan.status),
        ("net present cost", musd(plan.objective_musd)),
        ("no plan costs less than", musd(plan.bound_musd)),
        ("gap", "not known" if plan.gap is None else gap(plan.gap)),
        ("independent checker", _checked(seen)),
        ("instance", plan.name),
        ("hash of the instance", plan.instance_sha256),
        ("solved by", ", ".join(f"{name} {number}" for name, number in plan.versions.items())),
        (
            "options",
            ", ".join(
                f"{k.replace('_', ' ')} {v}" for k, v in plan.options.items() if v is not None
            ),
        ),
        ("time", ", ".join(f"{name} {seconds(spent)}" for name, spent in plan.seconds.items())),
    ]
    return Section("certificate", "Certificate", pairs=pairs)


def _checked(seen: Reading) -> str:
    plan = seen.plan
    if plan.objective_musd is None:
        return "there is nothing to check"
    if plan.verified:
        return "accepted: every constraint, cost and figure was recomputed from the files"
    return "REFUSED: " + "; ".join(plan.violations)
