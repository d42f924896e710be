"""Fixtures: the small instance and its plan worked out by hand."""

from typing import Any

import pandas as pd
import pytest
from corrupt import Plan
from hand_instance import hand_instance
from hand_plan import hand_claim, hand_tables

from models.instance import Instance


@pytest.fixture(scope="session")
def inst() -> Instance:
    return hand_instance()


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    return hand_tables()


@pytest.fixture
def claim() -> dict[str, Any]:
    return hand_claim()


@pytest.fixture
def plan(tables: dict[str, pd.DataFrame], claim: dict[str, Any]) -> Plan:
    return tables, claim
