"""The sections of a plan's report, a module each: `section(seen)` gives one, or None without data.

`headline` what to do first · `world` the map · `timeline` · `power` · `demand` · `day` its slices ·
`sovereignty` · `token_cost` · `money` · `efficiency` · `limits` · `further` all other tables ·
`assumptions` · `certificate`. Their order stands in `optimizer.report.contents`.
"""
