"""The published JSON Schemas, made from the same models that read and write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from rebaseline.checks.registry import Registry
from rebaseline.load.schema import suite_schema
from rebaseline.report.forecast_wire import ForecastDocument
from rebaseline.report.wire import DiffDocument
from rebaseline.report.wire_repairs import RepairListDocument

__all__ = ["SCHEMAS", "schema_of"]

SCHEMAS = ("suite", "diff", "plan", "repair")

_DOCUMENTS: Mapping[str, type[BaseModel]] = {
    "diff": DiffDocument,
    "plan": ForecastDocument,
    "repair": RepairListDocument,
}


def schema_of(what: str) -> dict[str, Any]:
    """Return the schema of `suite` files, or of the document that a command prints."""
    if what == "suite":
        return dict(suite_schema(Registry.builtin(allow_python=True)))
    schema = _DOCUMENTS[what].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
