"""The sections of a study's report, a module each: `section(seen)` gives one, or None without data.

`outcome` what came of the cases · `robust` the map of robust sites and orders · `levers` tornado,
sweep, sample and screening · `frontier` trade-offs · `spread` distributions · `cases` all cases ·
`side_by_side` any two cases with the steps between their costs.
"""
