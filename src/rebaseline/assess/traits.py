"""What the manner of every reply of a suite is like, in columns: some sixty bytes a reply, and no text but openings."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rebaseline.assess.marks import ASKED_MARKS, MARKS, TOLD, marks_of, opening_of
from rebaseline.domain.attempt import Answered, Rejected
from rebaseline.domain.behaviour import Manner
from rebaseline.domain.record import AttemptRecord

__all__ = ["AMOUNTS", "TraitTable", "TraitTally", "add_manners"]

AMOUNTS = ("characters", "words", "output tokens", "input tokens", "latency")
"""Amounts of a reply, by column; latency in seconds."""
_UNKNOWN_MODEL = 404
_UNKNOWN = math.nan
_NO_OPENING = -1
_NOT_TAKEN = sum((1 | 1 << TOLD) << place for place in ASKED_MARKS.values())


@dataclass(frozen=True, eq=False)
class TraitTable:
    """The manner of the replies of one suite on one model version; one row a reply or a rejected request.

    Attributes:
        probes: Probe ids.
        probe: Of each row: place of its probe in `probes`.
        sample: Of each row: which asking of the probe.
        bits: Of each row: its marks (see `marks`).
        amounts: Of each row: one amount a column of `AMOUNTS`; NaN where it is not known.
        openings: First words of replies that occur; they quote replies.
        opening: Of each row: place of its opening in `openings`; -1 where it has none.
    """

    probes: tuple[str, ...]
    probe: NDArray[np.int32]
    sample: NDArray[np.int32]
    bits: NDArray[np.uint64]
    amounts: NDArray[np.float32]
    openings: tuple[str, ...]
    opening: NDArray[np.int32]

    def of_samples(self, samples: tuple[int, ...]) -> TraitTable:
        """Return the rows of some samples; they are numbered anew from 0 in the order given."""
        places = np.full(max(int(self.sample.max(initial=0)), *samples, 0) + 1, -1, dtype=np.int32)
        places[list(samples)] = np.arange(len(samples))
        sample = places[self.sample]
        kept = sample >= 0
        return TraitTable(
            probes=self.probes,
            probe=self.probe[kept],
            sample=sample[kept],
            bits=self.bits[kept],
            amounts=self.amounts[kept],
            openings=self.openings,
            opening=self.opening[kept],
        )

    def manner(self) -> Manner:
        """Return the plain shares and means over all replies."""
        replies = ~np.isnan(self.amounts[:, 0])
        if not replies.any():
            return Manner(0, {}, None, None)
        shares = {}
        for name, place in MARKS.items():
            told = (self.bits[replies] >> np.uint64(place + TOLD)) & np.uint64(1)
            if told.any():
                shares[name] = float(((self.bits[replies] >> np.uint64(place)) & told).sum() / told.sum())
        characters, tokens = (self.amounts[replies, AMOUNTS.index(name)] for name in ("characters", "output tokens"))
        counted = tokens[~np.isnan(tokens)]
        return Manner(
            replies=int(replies.sum()),
            shares=shares,
            mean_characters=float(characters.mean(dtype=np.float64)),
            mean_output_tokens=float(counted.mean(dtype=np.float64)) if counted.size else None,
        )


class TraitTally:
    """Collects traits reply by reply, in any order."""

    def __init__(self) -> None:
        self._probes: dict[str, int] = {}
        self._openings: dict[str, int] = {}
        self._probe, self._sample, self._opening = array("i"), array("i"), array("i")
        self._bits, self._amounts = array("Q"), array("f")

    def add(self, record: AttemptRecord, *, refuses: bool | None = None) -> None:
        """Take in an attempt: a reply, or a request that was not taken; a fault tells nothing of the model.

        Args:
            record: The attempt.
            refuses: The built-in refusal reading of its reply; None where it cannot tell.
        """
        match record.attempt:
            case Answered(reply=reply, usage=usage, latency_seconds=seconds):
                self._bits.append(marks_of(reply, refuses=refuses))
                known = (usage.output_tokens, usage.input_tokens, seconds)
                self._amounts.extend((len(reply.text), len(reply.text.split())))
                self._amounts.extend(_UNKNOWN if amount is None else amount for amount in known)
                opening = opening_of(reply.text)
                place = self._openings.setdefault(opening, len(self._openings)) if opening else _NO_OPENING
            case Rejected(status=status) if status != _UNKNOWN_MODEL:
                self._bits.append(_NOT_TAKEN)
                self._amounts.extend((_UNKNOWN,) * len(AMOUNTS))
                place = _NO_OPENING
            case _:
                return
        self._opening.append(place)
        self._probe.append(self._probes.setdefault(record.probe, len(self._probes)))
        self._sample.append(record.sample)

    def table(self) -> TraitTable:
        """Return what was taken in."""
        return TraitTable(
            probes=tuple(self._probes),
            probe=np.array(self._probe, dtype=np.int32),
            sample=np.array(self._sample, dtype=np.int32),
            bits=np.array(self._bits, dtype=np.uint64),
            amounts=np.array(self._amounts, dtype=np.float32).reshape(-1, len(AMOUNTS)),
            openings=tuple(self._openings),
            opening=np.array(self._opening, dtype=np.int32),
        )


def add_manners(manners: list[Manner]) -> Manner:
    """Return the manner of several suites' replies together, each weighed by its replies.

    A mark that one of them does not tell of is left out: a baseline accepted earlier may know fewer.
    """
    told = [manner for manner in manners if manner.replies]
    replies = sum(manner.replies for manner in told)
    if not replies:
        return Manner(0, {}, None, None)
    names = [name for name in told[0].shares if all(name in manner.shares for manner in told)]
    return Manner(
        replies=replies,
        shares={name: sum(manner.shares[name] * manner.replies for manner in told) / replies for name in names},
        mean_characters=_mean([(manner.mean_characters, manner.replies) for manner in told]),
        mean_output_tokens=_mean([(manner.mean_output_tokens, manner.replies) for manner in told]),
    )


def _mean(weighed: list[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in weighed if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None
