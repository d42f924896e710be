"""Files that a worker hands back stay in the folder that they are for."""

from pathlib import Path

import pytest

from optimizer.cluster.handed_back import keep
from optimizer.errors import ClusterError


def test_files_come_into_the_folder_and_below_it(tmp_path: Path) -> None:
    keep({"plan.json": b"{}", "tables/orders.csv": b"site"}, tmp_path / "plan", "tcp://w:1")

    assert (tmp_path / "plan/plan.json").read_bytes() == b"{}"
    assert (tmp_path / "plan/tables/orders.csv").read_bytes() == b"site"


@pytest.mark.parametrize("name", ["../out", "tables/../../out", "/out", "", "."])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """Nothing is written then, nor what has a place."""
    name = str(tmp_path / "out") if name == "/out" else name
    with pytest.raises(ClusterError, match="worker tcp://w:1 hands back a file that has no place"):
        keep({"plan.json": b"{}", name: b"x"}, tmp_path / "plan", "tcp://w:1")
    assert not list(tmp_path.iterdir())
