"""The published JSON Schemas, made from the same models that read and write."""

from __future__ import annotations

from typing import Any

from rebaseline.checks.registry import Registry
from rebaseline.load.schema import suite_schema
from rebaseline.report.forecast_wire import ForecastDocument
from rebaseline.report.wire import DiffDocument

__all__ = ["SCHEMAS", "schema_of"]

SCHEMAS = ("suite", "diff", "plan")


def schema_of(what: str) -> dict[str, Any]:
    """Return the schema of `suite` files, or of the document of `diff` or `plan`."""
    if what == "suite":
        return dict(suite_schema(Registry.builtin(allow_python=True)))
    schema = (DiffDocument if what == "diff" else ForecastDocument).model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
