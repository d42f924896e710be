"""How long each case took: apart from the results, because it is never the same twice."""

import os
import tempfile
from pathlib import Path

from optimizer.plan.frame import make_frame
from optimizer.study.folder import StudyFolder

STAGES = ("read", "build", "solve", "verify", "total")


def write_timings(folder: StudyFolder) -> None:
    """Write timings.parquet: case, and the seconds of each stage, for cases that have ended."""
    rows = []
    for case in folder.study.cases:
        seconds = (folder.summary(case.name) or {}).get("seconds")
        if seconds:
            rows.append((case.name, *(float(seconds[stage]) for stage in STAGES)))
    frame = make_frame(rows, ["case"], [f"{stage}_s" for stage in STAGES])
    descriptor, part = tempfile.mkstemp(prefix=".timings-", dir=folder.path)
    os.close(descriptor)
    try:
        frame.to_parquet(part, index=False)
        Path(part).replace(folder.path / "timings.parquet")
    finally:
        Path(part).unlink(missing_ok=True)
