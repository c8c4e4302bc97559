"""Plain measures of the manner of replies: what a release note would have said, without uncertainty yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from rebaseline.domain.attempt import Answered, Reply, Stop
from rebaseline.domain.comparison import Manner, Provider

__all__ = ["MannerTally", "add_manners", "add_providers"]

_LIST_MARKS = ("\n- ", "\n* ", "\n1. ")
_BULLETS = ("- ", "* ", "1.")


def _holds_list(reply: Reply) -> bool:
    text = reply.text
    return ("\n" in text or text[:2] in _BULLETS) and any(mark in f"\n{text}" for mark in _LIST_MARKS)


_MEASURES: Mapping[str, Callable[[Reply], bool]] = {
    "fences": lambda reply: "```" in reply.text,
    "emphasis": lambda reply: "**" in reply.text,
    "lists": _holds_list,
    "empty": lambda reply: not reply.tool_calls and (not reply.text or reply.text.isspace()),
    "cut": lambda reply: reply.stop is Stop.CUT,
    "tool calls": lambda reply: bool(reply.tool_calls),
}


class MannerTally:
    """Collects measures reply by reply; holds counts only."""

    def __init__(self) -> None:
        self._replies = 0
        self._marks = dict.fromkeys(_MEASURES, 0)
        self._characters = 0
        self._tokens = 0
        self._counted = 0

    def add(self, answered: Answered) -> None:
        """Measure one reply."""
        reply = answered.reply
        self._replies += 1
        self._characters += len(reply.text)
        for name, met in _MEASURES.items():
            if met(reply):
                self._marks[name] += 1
        if answered.usage.output_tokens is not None:
            self._tokens += answered.usage.output_tokens
            self._counted += 1

    def measure(self) -> Manner:
        """Return the measures so far."""
        return Manner(
            replies=self._replies,
            shares={name: self._marks[name] / self._replies for name in _MEASURES} if self._replies else {},
            mean_characters=self._characters / self._replies if self._replies else None,
            mean_output_tokens=self._tokens / self._counted if self._counted else None,
        )


def add_manners(manners: list[Manner]) -> Manner:
    """Return the manner of several suites' replies together, each weighed by its replies."""
    replies = sum(manner.replies for manner in manners)
    if not replies:
        return Manner(0, {}, None, None)
    counted = [manner for manner in manners if manner.mean_output_tokens is not None]
    tokens = sum((manner.mean_output_tokens or 0.0) * manner.replies for manner in counted)
    return Manner(
        replies=replies,
        shares={name: sum(m.shares.get(name, 0.0) * m.replies for m in manners) / replies for name in _MEASURES},
        mean_characters=sum((m.mean_characters or 0.0) * m.replies for m in manners) / replies,
        mean_output_tokens=tokens / sum(m.replies for m in counted) if counted else None,
    )


def add_providers(providers: list[Provider]) -> Provider:
    """Return the sums of what happened to the attempts of several suites."""
    culprits: Counter[str] = Counter()
    novelty: Counter[str] = Counter()
    for provider in providers:
        culprits.update(provider.culprits or {})
        novelty.update(provider.novelty or {})
    return Provider(
        answered=sum(provider.answered for provider in providers),
        confirmed=sum(provider.confirmed for provider in providers),
        rejected=sum(provider.rejected for provider in providers),
        faulted=sum(provider.faulted for provider in providers),
        unknown_model=sum(provider.unknown_model for provider in providers),
        copies=sum(provider.copies for provider in providers),
        culprits=dict(culprits),
        novelty=dict(novelty),
        input_tokens=sum(provider.input_tokens for provider in providers),
        output_tokens=sum(provider.output_tokens for provider in providers),
        uncounted=sum(provider.uncounted for provider in providers),
    )
