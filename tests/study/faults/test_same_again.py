"""The same study gives the same bytes, however many workers it has."""

from pathlib import Path

from tests.study.faults import drills


def test_one_worker_gives_the_tables_of_two(
    tmp_path: Path, southgate_results: dict[str, bytes]
) -> None:
    drills.run(drills.southgate_study(), tmp_path, workers=1)
    assert drills.tables(tmp_path) == southgate_results


def test_a_second_run_solves_nothing_and_writes_the_same(
    tmp_path: Path, small_results: dict[str, bytes]
) -> None:
    drills.run(drills.small_study(), tmp_path)
    before = drills.finished(tmp_path)
    drills.run(drills.small_study(), tmp_path)
    assert drills.finished(tmp_path) == before
    assert drills.tables(tmp_path) == small_results
