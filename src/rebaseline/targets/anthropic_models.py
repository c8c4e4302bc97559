"""Asks for messages where the server lists its models: on Anthropic's own platform, and at gateways to it.

Importing this module loads the SDK, so only the module that opens such a target does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import anthropic
import httpx2

from rebaseline.domain.attempt import Rejected
from rebaseline.domain.model import KnownModel
from rebaseline.targets.anthropic_errors import outcome_of
from rebaseline.targets.anthropic_target import MessagesTarget
from rebaseline.targets.batch_exchange import Exchange
from rebaseline.targets.models_list import Page, ask_for_list, cannot_be_had, read_page

__all__ = ["ListingMessagesTarget"]

_PATH = "/v1/models"
_LONGEST: Mapping[str, Any] = {"limit": 1000}
_EVERY_STATE = {**_LONGEST, "lifecycle": ["active", "deprecated", "retired"]}
"""Unless asked for by name, retired models are left out."""


class ListingMessagesTarget(MessagesTarget):
    """A target whose server lists its models (`ListsModels`)."""

    async def known_models(self) -> tuple[KnownModel, ...]:
        """Return the whole list, models that are retired included where the server knows the word.

        Raises:
            ProviderError: The key is refused, or the list cannot be had.
        """
        opener = self._opener
        exchange = Exchange(
            opener, anthropic.APIStatusError, anthropic.APIConnectionError, lambda error: outcome_of(error, opener)
        )
        found = await ask_for_list(exchange, partial(self._page, _EVERY_STATE))
        if isinstance(found, Rejected):  # an older server, or a gateway, may not know how to choose by state
            found = await ask_for_list(exchange, partial(self._page, _LONGEST))
        if not isinstance(found, tuple):
            raise cannot_be_had(exchange, found)
        return found

    async def _page(self, query: Mapping[str, Any], after: str | None) -> Page:
        response = await self._way.client.get(
            _PATH,
            cast_to=httpx2.Response,
            options={"headers": self._headers, "params": {**query, **({} if after is None else {"after_id": after})}},
        )
        return read_page(response.content)
