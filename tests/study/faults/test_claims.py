"""Who works on what: the folders of runs that are gone go, those of living ones stay."""

import subprocess
import sys
from pathlib import Path

from optimizer.study.claims import Claims

TRY = """
import sys
from pathlib import Path
from optimizer.study.claims import Claims

with Claims(Path(sys.argv[1])) as claims:
    print(claims.take("0" * 32), claims.take("1" * 32))
"""


def test_a_claim_holds_against_other_processes_until_it_is_given_back(tmp_path: Path) -> None:
    def others() -> str:
        command = [sys.executable, "-c", TRY, str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    with Claims(tmp_path) as claims:
        assert claims.take("0" * 32)
        assert others() == "False True\n"
        assert claims.work.is_dir(), "another run leaves the folder alone"
        claims.give_back("0" * 32)
        assert others() == "True True\n"
    assert not (tmp_path / ".work").exists()


def test_what_killed_runs_left_is_removed_and_living_runs_are_not(tmp_path: Path) -> None:
    for name, has_lock in (("killed", True), ("killed-early", False)):
        (tmp_path / ".work" / name / "part").mkdir(parents=True)
        if has_lock:
            (tmp_path / ".work" / name / ".lock").touch()
    with Claims(tmp_path) as one, Claims(tmp_path) as other:
        assert set((tmp_path / ".work").iterdir()) == {one.work, other.work}
    assert not (tmp_path / ".work").exists()
