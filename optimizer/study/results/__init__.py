"""The results of a study: all of its cases as one dataset, a Parquet file for each table.

`figures` lists the key figures · `outcomes` reads what came of each case · `listing` makes the
tables of cases, levers and changes · `schemas` finds columns that suit every plan · `write` and
`read` are the way in and out · `lock` keeps two writers apart. docs/study-results.md describes it.
"""

from optimizer.study.results.read import open_tables, read_results, results_table
from optimizer.study.results.write import write_results

__all__ = ["open_tables", "read_results", "results_table", "write_results"]
