"""Trust, tried out: hostile inputs, second formulations, kills, full disks, and Ctrl-C.

`python -m benchmarks.trust --help`; docs/trust.md has the figures.
"""
