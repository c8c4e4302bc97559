"""Providers' words for why a reply ended, in words common to all. Shared by adapters and imports."""

from __future__ import annotations

from types import MappingProxyType

from rebaseline.domain.attempt import Stop

__all__ = ["stop_of"]

_STOPS = MappingProxyType(
    {
        # OpenAI, and whoever speaks its language
        "stop": Stop.COMPLETE,
        "length": Stop.CUT,
        "max_output_tokens": Stop.CUT,
        "tool_calls": Stop.TOOL,
        "function_call": Stop.TOOL,
        "content_filter": Stop.FILTERED,
        # Anthropic
        "end_turn": Stop.COMPLETE,
        "stop_sequence": Stop.COMPLETE,
        "max_tokens": Stop.CUT,
        "model_context_window_exceeded": Stop.CUT,
        "pause_turn": Stop.CUT,  # the provider's own tool loop met its limit and wants to be asked to go on
        "tool_use": Stop.TOOL,
        "refusal": Stop.REFUSED,
    }
)


def stop_of(word: str | None) -> Stop:
    """Say in our words why a reply ended.

    The words are compared as they stand: a word that differs in any way is news, and news is never "ok".

    Args:
        word: The provider's word; None or empty where it gave none.

    Returns:
        `UNSTATED` without a word, `UNKNOWN` for one that we have not seen before.

    Examples:
        >>> stop_of("end_turn"), stop_of("length"), stop_of("interrupted_by_owl"), stop_of(None)
        (<Stop.COMPLETE: 'complete'>, <Stop.CUT: 'cut'>, <Stop.UNKNOWN: 'unknown'>, <Stop.UNSTATED: 'unstated'>)
    """
    if not word:
        return Stop.UNSTATED
    return _STOPS.get(word, Stop.UNKNOWN)
