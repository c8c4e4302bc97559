"""What can be said of a model that the provider does not know, with the help of the provider's own list."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from rebaseline.domain.attempt import Rejected
from rebaseline.domain.model import KnownModel
from rebaseline.errors import ProviderError, UnknownModelError
from rebaseline.targets.base import ListsModels, TargetAdapter

__all__ = ["listed_models", "unknown_model"]

_ACTIVE, _RETIRED = "active", "retired"
_MOST_NEAR = 3
_MOST_COMPARED = 2000
"""Models at most among which near ones are looked for, and characters of an id: a list is untrusted."""
_LONGEST_COMPARED = 100


async def listed_models(adapter: TargetAdapter) -> tuple[KnownModel, ...]:
    """Return the models that the provider lists; none where it lists none or the list cannot be had.

    The call counts against no bound: it costs nothing.
    """
    if not isinstance(adapter, ListsModels):
        return ()
    try:
        return await adapter.known_models()
    except ProviderError:
        return ()  # the run ends for want of the model, which is told: the list would only have helped


def unknown_model(provider: str, model: str, why: Rejected, models: Sequence[KnownModel]) -> UnknownModelError:
    """Return the error for a model that even the plainest request does not reach.

    What others named is shown as Python writes it, so that it cannot break out of its place.

    Args:
        provider: Who was asked.
        model: The id that was asked for.
        why: The rejection.
        models: The models that the provider lists; empty where that is not known.
    """
    words = f": {' '.join(why.hint.split())}" if why.hint else ""
    return UnknownModelError(
        f"{provider} has no model {model!r} (status {why.status}){words}", remedy=_remedy(model, models)
    )


def _remedy(model: str, models: Sequence[KnownModel]) -> str:
    if not models:
        return "It may be retired, misspelt, or not open to this key. Ask for another model."
    near = _near_words(model, models)
    listed = next((each for each in models if each.id == model), None)
    if listed is None:
        cause = near or "It may be retired, misspelt, or not open to this key."
        return f"It is not in the provider's list of models ({len(models):,}). {cause}"
    facts = _facts(listed)
    if listed.lifecycle == _RETIRED:
        return f"The provider's list says that it is {facts}. {near or 'Ask for another model.'}"
    place = f"the provider's list of models ({facts})" if facts else "the provider's list of models"
    named = f"It is in {place}: this key may not use it, or it takes requests of another kind."
    leaving = listed.retires_at is not None or listed.lifecycle not in {"", _ACTIVE}
    return f"{named} {near}" if leaving and near else named


def _facts(model: KnownModel) -> str:
    """Return what the list says of a model's life: `'deprecated', deprecated 2026-09-30, retirement 2026-11-30`."""
    word = model.lifecycle[:_LONGEST_COMPARED]
    facts = [repr(word)] if word else []
    if model.deprecated_at is not None:
        facts.append(f"deprecated {model.deprecated_at:%Y-%m-%d}")
    if model.retires_at is not None:
        facts.append(f"retirement {model.retires_at:%Y-%m-%d}")
    return ", ".join(facts)


def _near_words(model: str, models: Sequence[KnownModel]) -> str:
    """Return the question whether a model with a similar id was meant; empty where there is none."""
    choices = {
        each.id.casefold(): each.id
        for each in models[:_MOST_COMPARED]
        if each.id != model and each.lifecycle != _RETIRED and len(each.id) <= _LONGEST_COMPARED
    }
    near = difflib.get_close_matches(model[:_LONGEST_COMPARED].casefold(), choices, n=_MOST_NEAR)
    names = [repr(choices[each]) for each in near]
    if not names:
        return ""
    *first, last = names
    return f"Did you mean {', '.join(first)} or {last}?" if first else f"Did you mean {last}?"
