"""Lists of models as providers send them, page by page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rebaseline.domain.attempt import Rejected
from rebaseline.domain.model import KnownModel
from rebaseline.errors import ProviderError
from rebaseline.targets.batch_exchange import Exchange, json_of
from rebaseline.targets.batching import Setback
from rebaseline.targets.wire_values import MalformedError, items_at, mapping_or_empty, text_or_none

__all__ = ["LIST_SECONDS", "MOST_PAGES", "Page", "ask_for_list", "cannot_be_had", "read_page"]

LIST_SECONDS = 10.0
"""A list that is not there by then is given up."""

MOST_PAGES = 20
"""Of a thousand models each. A list that goes on has no end."""

_EPOCH = datetime.fromtimestamp(0, UTC)
"""What stands for a date that the provider does not know."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        models: Its models.
        last_id: After which the next page begins; None for the last page.
    """

    models: tuple[KnownModel, ...]
    last_id: str | None = None


async def ask_for_list(
    exchange: Exchange, ask: Callable[[str | None], Awaitable[Page]]
) -> tuple[KnownModel, ...] | Setback | Rejected:
    """Return every model of a list, the first of each id.

    Args:
        exchange: How calls of the SDK are made.
        ask: Returns the page after an id, or the first one.

    Raises:
        ProviderError: The key or the account is refused.
    """
    return await exchange.attempt(lambda: _all_pages(ask), seconds=LIST_SECONDS)


async def _all_pages(ask: Callable[[str | None], Awaitable[Page]]) -> tuple[KnownModel, ...]:
    models: dict[str, KnownModel] = {}
    last_id: str | None = None
    for _ in range(MOST_PAGES):
        page = await ask(last_id)
        for model in page.models:
            models.setdefault(model.id, model)
        if page.last_id is None:
            return tuple(models.values())
        last_id = page.last_id
    # A part of a list would look like models that are gone.
    raise MalformedError(f"the list of models goes on after {MOST_PAGES} pages")


def cannot_be_had(exchange: Exchange, why: Setback | Rejected) -> ProviderError:
    """Return the error for a list that cannot be had."""
    outcome = why.fault if isinstance(why, Setback) else why
    status = "" if outcome.status is None else f" (status {outcome.status})"
    words = f": {exchange.opener.without_secret(outcome.hint)}" if outcome.hint else ""
    return ProviderError(
        f"{exchange.opener.provider} gives no list of its models{status}{words}",
        where=exchange.opener.where,
        remedy="Run again later; or the server keeps no such list.",
    )


def read_page(body: bytes) -> Page:
    """Return what a page says, in the words of OpenAI or of Anthropic: gateways mix them.

    An entry that names no model is left out, and of a model what cannot be read is unknown: only who can be asked for
    is needed, and the rest is news that comes in new forms.

    Args:
        body: A JSON object with the entries in `data` and, where there are further pages, `has_more`.

    Raises:
        MalformedError: It is none.
    """
    wire = json_of(body)
    models = tuple(model for entry in items_at(wire.get("data"), "data") if (model := _model(entry)) is not None)
    if wire.get("has_more") is not True:
        return Page(models)
    last_id = text_or_none(wire.get("last_id")) or (models[-1].id if models else None)
    if last_id is None:
        raise MalformedError("the list of models has more, and does not say after what")
    return Page(models, last_id)


def _model(entry: Any) -> KnownModel | None:
    wire = mapping_or_empty(entry)
    name = text_or_none(wire.get("id"))
    if name is None:
        return None
    created_at = _instant(wire.get("created_at")) or _instant(wire.get("created"))
    return KnownModel(
        name,
        None if created_at == _EPOCH else created_at,
        text_or_none(wire.get("lifecycle")) or "",
        _instant(wire.get("retires_at")) or _instant(wire.get("shutdown_date")),
        _instant(wire.get("deprecated_at")),
    )


def _instant(value: Any) -> datetime | None:
    """Return an instant: seconds since 1970, an RFC 3339 instant, or a day, of which it is the start in UTC."""
    try:
        match value:
            case bool():
                return None
            case int():
                return datetime.fromtimestamp(value, UTC)
            case str():
                instant = datetime.fromisoformat(value)
                return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
            case _:
                return None
    except (ValueError, OverflowError, OSError):  # no instant, or one beyond what a calendar holds
        return None
