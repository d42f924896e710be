"""Reports: a plan or a study as one HTML file, as pictures, and as an Excel file.

`report` writes the page · `contents` is the table of contents of a plan's report, `sections` its
parts, a file each · `study_contents` and `studies` the same for a study · `reading` is what
sections read, `figure` what they are made of, `columns` how numbers are shown · `charts` draws,
`world` has the outlines of the map · `page` has the template, the style and the scripts ·
`pictures` makes PNG and SVG without a browser, `plots` is `plan.plot`, `workbook` the Excel file.
"""

from optimizer.report.report import FILE, report

__all__ = ["FILE", "report"]
