"""The JSON Schema of suites, for editors that complete and check while people write."""

from __future__ import annotations

import json
from typing import Any

from rebaseline.load.grammar import CheckGrammar
from rebaseline.load.shape_assertion import CHECK_MARK
from rebaseline.load.shape_suite import SuiteShape

__all__ = ["SCHEMA_FILE", "render_schema", "suite_schema"]

SCHEMA_FILE = "suite.schema.json"
"""Name of the committed copy, in the folder `schemas` beside this module."""


def suite_schema(grammar: CheckGrammar) -> dict[str, Any]:
    """Return the schema of a suite's file, with the registry's checks filled in."""
    schema = _filled(SuiteShape.model_json_schema())
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "rebaseline suite"
    schema["$defs"]["check"] = dict(grammar.schema())
    return {key: schema[key] for key in sorted(schema)}


def render_schema(grammar: CheckGrammar) -> str:
    """Return the text of the committed copy."""
    return json.dumps(suite_schema(grammar), indent=2, ensure_ascii=False) + "\n"


def _filled(schema: Any) -> Any:
    """Put references to the checks where the shapes left a mark."""
    if schema == CHECK_MARK:
        return {"$ref": "#/$defs/check"}
    if isinstance(schema, dict):
        return {key: _filled(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_filled(each) for each in schema]
    return schema
