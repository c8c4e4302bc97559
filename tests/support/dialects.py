"""Every dialect that the contract suite of the adapters speaks. Add one here and it is held to all of it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.dialect import ABILITIES, Dialect
from tests.support.wire_anthropic import BEDROCK, BEDROCK_INVOKE, MESSAGES, VERTEX
from tests.support.wire_application import APPLICATION
from tests.support.wire_openai import CHAT
from tests.support.wire_responses import RESPONSES

__all__ = ["DIALECTS", "every_dialect", "every_dialect_with"]

DIALECTS: tuple[Dialect, ...] = (CHAT, RESPONSES, APPLICATION, MESSAGES, BEDROCK, BEDROCK_INVOKE, VERTEX)


def every_dialect(test: Any) -> Any:
    """Make the test once for each dialect."""
    return _made_for(DIALECTS)(test)


def every_dialect_with(*abilities: str) -> Any:
    """Make the test once for each dialect that lacks none of the abilities."""
    unknown = set(abilities) - ABILITIES
    if unknown:
        raise LookupError(f"no such ability: {', '.join(sorted(unknown))}")
    return _made_for(tuple(each for each in DIALECTS if not each.lacks.keys() & set(abilities)))


def _made_for(dialects: tuple[Dialect, ...]) -> Any:
    return pytest.mark.parametrize("dialect", dialects, ids=[each.name for each in dialects])
