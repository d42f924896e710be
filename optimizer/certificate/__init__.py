"""The certificate beside a plan: what was solved, with what, and what holds without our word.

`content` says what it holds · `exact` sums up money without rounding · `duals` keeps what proves
a bound · `bound` proves it again · `files` tells whether files are as they were certified ·
`checking` compares a certificate with the plan, its tables and what the checker found.
"""

FILE = "certificate.json"
"""The certificate's name in a plan's folder."""

DUALS = "duals.parquet"
"""The name of the table of duals beside it."""

LIMIT_VALUES = "limit_values.parquet"
"""The name of the table of what limits are worth by these duals."""
