"""What an instance asks for: the names of objectives."""

from typing import Literal

ObjectiveName = Literal["cost", "profit", "serve_first", "least_carbon", "tokens_per_mwh"]
