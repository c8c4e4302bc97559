"""Sums of what came of the attempts."""

from __future__ import annotations

from rebaseline.assess.providers import add_providers
from rebaseline.domain.comparison import Provider


def test_providers_add_up():
    one = Provider(1, 1, 2, 3, 4, culprits={"seed": 1}, novelty={"content: x": 1}, input_tokens=7, uncounted=1)
    other = Provider(1, culprits={"seed": 2}, novelty={"content: x": 2}, input_tokens=5, output_tokens=3)
    both = add_providers([one, Provider(culprits=None), other])
    assert both == Provider(
        *(2, 1, 2, 3, 4),
        culprits={"seed": 3},
        novelty={"content: x": 3},
        input_tokens=12,
        output_tokens=3,
        uncounted=1,
    )
