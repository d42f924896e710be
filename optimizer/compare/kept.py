"""A comparison on disk: comparison.json, and tables for spreadsheets."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.plan.store import harmless


def fill(
    tables: Mapping[str, pd.DataFrame],
    content: Mapping[str, Any],
    folder: Path,
    file: str = "comparison.json",
) -> None:
    """Write tables as CSV, their texts harmless to spreadsheets, and the content as JSON."""
    for name, table in tables.items():
        harmless(table).to_csv(folder / f"{name}.csv", index=False)
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / file).write_text(f"{text}\n", encoding="utf-8")
