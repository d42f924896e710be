"""Pages of folders that hold several plans, a module each.

`alternatives` near the least cost · `frontier` from one measure to another · `replay` of a horizon.
`reading` reads their tables and plans, `built` shows where each plan builds.
"""
