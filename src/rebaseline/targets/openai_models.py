"""Asks in OpenAI's formats where the server lists its models, as `GET /models` does.

Importing this module loads the SDK, so only the modules that open such a target do.
"""

from __future__ import annotations

import httpx2
import openai

from rebaseline.domain.model import KnownModel
from rebaseline.targets.batch_exchange import Exchange
from rebaseline.targets.models_list import Page, ask_for_list, cannot_be_had, read_page
from rebaseline.targets.openai_client import outcome_of
from rebaseline.targets.openai_target import OpenAITarget

__all__ = ["ListingOpenAITarget"]


class ListingOpenAITarget(OpenAITarget):
    """A target whose server lists its models (`ListsModels`)."""

    async def known_models(self) -> tuple[KnownModel, ...]:
        """Return the whole list. OpenAI sends it in one piece, other servers in pages.

        Raises:
            ProviderError: The key is refused, or the list cannot be had.
        """
        opener = self._access.opener
        exchange = Exchange(
            opener, openai.APIStatusError, openai.APIConnectionError, lambda error: outcome_of(error, opener)
        )
        found = await ask_for_list(exchange, self._page)
        if not isinstance(found, tuple):
            raise cannot_be_had(exchange, found)
        return found

    async def _page(self, after: str | None) -> Page:
        response = await self._client.get(
            "/models",
            cast_to=httpx2.Response,
            options={
                "headers": {**self._omitted, **self._access.headers},
                "params": {} if after is None else {"after": after},
            },
        )
        return read_page(response.content)
