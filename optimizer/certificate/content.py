"""What a certificate says of a plan."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.certificate import DUALS, exact, files
from optimizer.verify.findings import FAMILIES

if TYPE_CHECKING:
    from optimizer.plan.plan import Plan

FORMAT = 1
"""Version of the certificate's layout."""


def certificate(plan: "Plan", folder: Path) -> dict[str, Any]:
    """The certificate of a plan whose files stand in a folder."""
    return files.sealed({**statements(plan), "files": files.file_hashes(folder)})


def statements(plan: "Plan") -> dict[str, Any]:
    """What a certificate says of a plan, but for its files."""
    return {
        "format": FORMAT,
        "name": plan.name,
        "status": plan.status,
        "instance": _instance(plan),
        "options": dict(plan.options),
        "versions": dict(plan.versions),
        "objective": _objective(plan),
        "deviations": _deviations(plan),
        "bound": _bound(plan),
        "cross_check": [asdict(one) for one in plan.evidence.opinions] if plan.evidence else [],
    }


def _instance(plan: "Plan") -> dict[str, Any]:
    """Hashes of the instance's content and of its files, and what was changed after reading."""
    inst = plan.instance
    origin = None if inst is None else inst._origin
    return {
        "sha256": plan.instance_sha256,
        "files": {} if origin is None else dict(sorted(origin.hashes.items())),
        "changed": [] if origin is None else sorted(set(origin.changed.values())),
    }


def _objective(plan: "Plan") -> dict[str, Any] | None:
    if plan.objective_musd is None:
        return None
    exactly = exact.told(exact.exact_cost(plan.tables)) if "cash" in plan.tables else None
    return {
        "name": plan.objective,
        "told_musd": plan.objective_musd,
        "exact_cost_musd": exactly,
    }


def _deviations(plan: "Plan") -> dict[str, dict[str, Any]]:
    if plan.evidence is None:
        return {}
    return {
        family: {"largest": amount, "unit": FAMILIES.get(family, "the figure's own")}
        for family, amount in plan.evidence.largest.items()
    }


def _bound(plan: "Plan") -> dict[str, Any]:
    """The bound, what proved it, and what anyone can prove again."""
    known = plan.evidence
    row_duals = None if known is None else known.row_duals
    content: dict[str, Any] = {
        "musd": plan.bound_musd,
        "gap": plan.gap,
        "proved_by": "" if known is None or plan.bound_musd is None else known.grounds.stage,
        "from_duals": None,
        "why_no_duals": "" if known is None else known.why_no_duals,
    }
    if known is not None and row_duals is not None:
        relaxation = known.grounds.relaxation
        content["from_duals"] = {"musd": relaxation, "rows": len(row_duals), "file": DUALS}
    return content
