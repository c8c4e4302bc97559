"""Sums over suites of what came of the attempts."""

from __future__ import annotations

from collections import Counter

from rebaseline.domain.comparison import Provider

__all__ = ["add_providers"]


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
