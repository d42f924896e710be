"""How long each case took: apart from the results, because it is never the same twice."""

from optimizer.plan.frame import make_frame
from optimizer.study.folder import StudyFolder
from optimizer.study.results.lock import exclusive

STAGES = ("read", "build", "solve", "verify", "total")

LOCK, PART = ".timings.lock", ".timings-part"
"""The lock of the one who writes, and the file that becomes timings.parquet."""


def write_timings(folder: StudyFolder) -> None:
    """Write timings.parquet: case, and the seconds of each stage, for cases that have ended."""
    rows = []
    for case in folder.study.cases:
        seconds = (folder.summary(case.name) or {}).get("seconds")
        if seconds:
            rows.append((case.name, *(float(seconds[stage]) for stage in STAGES)))
    frame = make_frame(rows, ["case"], [f"{stage}_s" for stage in STAGES])
    with exclusive(folder.path / LOCK):
        part = folder.path / PART
        try:
            frame.to_parquet(part, index=False)
            part.replace(folder.path / "timings.parquet")
        finally:
            part.unlink(missing_ok=True)
