"""The same study gives the same bytes, however many workers it has."""

from pathlib import Path

import pytest

from tests.study.faults import drills


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_number_of_workers_changes_nothing(
    tmp_path: Path, many_southgate_results: dict[str, bytes], workers: int
) -> None:
    drills.run(drills.southgate_study(drills.MANY), tmp_path, workers)
    assert drills.tables(tmp_path) == many_southgate_results


def test_two_workers_give_the_tables_of_one_and_a_second_run_solves_nothing(
    tmp_path: Path, small_results: dict[str, bytes]
) -> None:
    drills.run(drills.small_study(), tmp_path, workers=2)
    assert drills.tables(tmp_path) == small_results
    before = drills.finished(tmp_path)
    drills.run(drills.small_study(), tmp_path)
    assert drills.finished(tmp_path) == before
    assert drills.tables(tmp_path) == small_results
