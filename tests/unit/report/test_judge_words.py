"""How a judge reads its anchors is one clause: its kappa, the floor, and what that blocks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rebaseline.domain.evidence import AnchorEvidence
from rebaseline.report.judge_words import anchor_lines

SURE = AnchorEvidence("sorry", "grader-1", 20, 20, 0, ((10, 0), (0, 10)), ("pass", "fail"), 20, 1.0, 0.6)


@pytest.mark.parametrize(
    ("kappa", "decides", "words"),
    [
        (0.9, True, "kappa 0.90 (floor 0.60)"),
        (0.0, True, "kappa 0.00, floor 0.60: below it, blocks Holds and Failing"),
        (0.0, False, "kappa 0.00, floor 0.60: below it, blocks Holds"),
        (None, True, "kappa is not defined (floor 0.60), blocks Holds and Failing"),
    ],
)
def test_kappa_stands_beside_its_floor(kappa, decides, words):
    said = " ".join(" ".join(anchor_lines(replace(SURE, kappa=kappa, decides=decides))).split())
    assert said == (
        f"judge sorry (grader-1): 20 of 20 anchors read as people do, {words} "
        "people say -> the judge says: pass -> pass 10, fail -> fail 10"
    )
