"""Solver doubt: the same problem again, under other settings and by another solver.

`opinions` compares what two solves claim · `asking` asks HiGHS without presolve and with another
seed, and SCIP where it is installed · `scip` is SCIP's own process.
"""
