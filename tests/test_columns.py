"""Tables are read by the thread that asks for them."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from optimizer.columns import read_columns, read_frame

COUNT = """
import os, sys
from pathlib import Path
from optimizer.columns import read_frame
threads = lambda: len(os.listdir("/proc/self/task"))
before = threads()
frame = read_frame(Path(sys.argv[1]))
print(len(frame), threads() - before)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    frame = pd.DataFrame({"site": ["oslo", "nairobi"] * 500, "mw": range(1000)})
    frame.to_parquet(tmp_path / "table.parquet", index=False)
    return tmp_path / "table.parquet"


def test_a_table_comes_back_as_it_was(file: Path) -> None:
    assert read_frame(file).equals(pd.read_parquet(file))
    assert read_columns(file, ["mw"]).to_pydict() == {"mw": list(range(1000))}
    with pytest.raises(FileNotFoundError):
        read_frame(file.parent / "none.parquet")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted on Linux")
def test_reading_a_table_starts_no_thread_that_memory_may_be_too_short_for(file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COUNT, file], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["1000", "0"], done.stderr
