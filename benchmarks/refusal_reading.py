"""The built-in refusal reading against people's labels: run with `python benchmarks/refusal_reading.py`.

Reads recorded replies in the folder that `REBASELINE_DATA` names. `--refit` fits the weights of a reproof anew, prints
them, and says what the reading is worth on replies that its weights were not fitted to: those of a file left out, of
prompts left out (the files share their prompts), and of both. The texts beside this file are answers of our own that
judge, warn and advise as a reproof does: the fit has seen those in `fitted.txt`, never those in `held_out.txt`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rebaseline.checks import reproof
from rebaseline.checks.declining import find_declining
from rebaseline.checks.refusal import plain, read_refusal
from rebaseline.checks.reproof_features import features_of
from rebaseline.domain.attempt import Reply

XSTEST = ("gpt4_v1", "gpt4", "llama2orig", "llama2new", "mistralinstruct", "mistralguard", "llama2_v1")
SENSITIVE = ("gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613", "gpt-4-0314", "gpt-4-0613")
OWN = Path(__file__).parent / "refusal_reading_texts"
PENALTY = 0.5
TIMES_OWN = 3
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Labelled:
    """A reply and whether people call it a refusal."""

    source: str
    prompt: str
    text: str
    declined: bool


def lines_of(path: Path) -> Iterator[dict[str, object]]:
    """Yield the recorded replies of one file."""
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def xstest(folder: Path, name: str) -> list[Labelled]:
    """Return full refusals and full compliances; people do not agree on what is partly one."""
    lines = [line for line in lines_of(folder / "xstest" / f"{name}.jsonl") if line["labels"]["human"][0] != "3"]
    return [Labelled(name, str(line["prompt"]), line["response"], line["labels"]["human"][0] == "2") for line in lines]


def sensitive(folder: Path, name: str) -> list[Labelled]:
    """Return replies to sensitive questions; not answered counts as declined."""
    lines = [line for line in lines_of(folder / "llmdrift" / f"{name}.jsonl") if line["labels"]["task"] == "sensitive"]
    return [Labelled(name, str(line["prompt"]), line["response"], line["labels"]["answered"] == "0") for line in lines]


def own(name: str) -> list[str]:
    """Return answers of our own that look like reproofs, one a line."""
    return (OWN / name).read_text("utf-8").splitlines()


def figures(labelled: Iterable[Labelled], reads: Callable[[Labelled], bool | None]) -> str:
    """Return precision and recall, an untold refusal being a miss, and the shares that are untold."""
    counts = Counter((line.declined, reads(line)) for line in labelled)
    found, wrong = counts[True, True], counts[False, True]
    declined = found + counts[True, False] + counts[True, None]
    answered = wrong + counts[False, False] + counts[False, None]
    precision, recall = found / max(1, found + wrong), found / declined
    untold = f"{counts[True, None] / declined:.3f} / {counts[False, None] / answered:.3f}"
    return f"{precision:9.3f} {recall:9.3f} {untold:>16} {declined:6} {answered:6}"


def print_table(folder: Path) -> None:
    """Print what the reading, as it is, makes of every labelled file, and of files without labels."""
    print(f"{'':32}{'precision':>9} {'recall':>9} {'untold ref/comp':>16} {'refus.':>6} {'compl.':>6}")
    for name in XSTEST:
        print(f"{'xstest ' + name:32}{figures(xstest(folder, name), read)}")
    for name in SENSITIVE:
        print(f"{'sensitive ' + name:32}{figures(sensitive(folder, name), read)}")
    for name in ("fitted.txt", "held_out.txt"):
        readings = [read_refusal(Reply(text)).refuses for text in own(name)]
        refused, untold = readings.count(True), readings.count(None)
        print(f"answers of our own, {name}: {refused} of {len(readings)} read as refusals, {untold} untold")
    for dataset in ("alpaca_eval", "bullshitbench"):
        replies = [
            Reply(str(line["response"]))
            for path in sorted((folder / dataset).glob("*.jsonl"))
            for line in lines_of(path)
        ]
        start = time.process_time()
        readings = [read_refusal(reply) for reply in replies]
        each = (time.process_time() - start) / len(replies)
        by_score = sum("reproves" in reading.cue for reading in readings)
        refused = sum(reading.refuses is True for reading in readings)
        untold = sum(reading.refuses is None for reading in readings)
        unknown = sum(reading.unknown_language for reading in readings)
        print(
            f"{dataset}: {len(replies)} replies, {refused} read as refusals ({by_score} of them reproofs),"
            f" {untold} untold ({unknown} for their language), {each * 1e6:.0f} us a reply"
        )


def read(line: Labelled) -> bool | None:
    """Read with the weights as they are."""
    return read_refusal(Reply(line.text)).refuses


class Fit:
    """Ridge logistic regression on the replies that neither decline in words nor are passed over."""

    def __init__(self, lines: list[Labelled]) -> None:
        self.lines = lines
        heads = [plain(line.text) for line in lines]
        self.names = list(features_of(""))
        self.values = np.array([[features_of(head)[name] for name in self.names] for head in heads])
        self.declined = np.array([line.declined for line in lines], float)
        self.weighed = np.array([find_declining(head[:700]) is None and reproof.may_reprove(head) for head in heads])
        self.before = [read(line) for line in lines]

    def fitted(self, rows: np.ndarray) -> np.ndarray:
        """Return bias and weights by Newton's method; the bias is not penalised."""
        chosen = rows & self.weighed
        x = np.hstack([np.ones((int(chosen.sum()), 1)), self.values[chosen]])
        y, w = self.declined[chosen], np.zeros(x.shape[1])
        ridge = np.diag([0.0] + [PENALTY] * (len(w) - 1))
        for _ in range(50):
            p = 1.0 / (1.0 + np.exp(-(x @ w)))
            step = np.linalg.solve((x.T * (p * (1 - p))) @ x + ridge, x.T @ (y - p) - ridge @ w)
            w = w + step
            if np.abs(step).max() < 1e-9:
                break
        return w

    def reads(self, fits: Callable[[Labelled], np.ndarray], bar: float) -> Callable[[Labelled], bool | None]:
        """Return a reading in which the weights for a reply are those of `fits`."""
        place = {id(line): index for index, line in enumerate(self.lines)}

        def reading(line: Labelled) -> bool | None:
            index = place[id(line)]
            if not self.weighed[index]:
                return self.before[index]
            w = fits(line)
            return bool(w[0] + self.values[index] @ w[1:] >= bar)

        return reading


def print_refit(folder: Path, bar: float) -> None:
    """Fit the weights anew, and print figures in sample and held out."""
    lines = [line for name in XSTEST for line in xstest(folder, name)]
    examples = [Labelled("own", "", text, declined=False) for text in own("fitted.txt")]
    fit = Fit(lines + examples * TIMES_OWN)
    sources = np.array([line.source for line in fit.lines])
    prompts = sorted({line.prompt.strip().lower() for line in lines})
    fold_of = dict(zip(np.random.default_rng(0).permutation(prompts), np.arange(len(prompts)) % FOLDS, strict=True))
    folds = np.array([fold_of.get(line.prompt.strip().lower(), FOLDS) for line in fit.lines])
    known: dict[tuple[str, int], np.ndarray] = {}

    def held_out(source: str, fold: int) -> np.ndarray:
        if (source, fold) not in known:
            known[source, fold] = fit.fitted((sources != source) & (folds != fold))
        return known[source, fold]

    whole = fit.fitted(np.ones(len(fit.lines), bool))
    print(f"\nfitted to {int(fit.weighed.sum())} replies, {int(fit.declined[fit.weighed].sum())} of them refusals")
    print(", ".join(f"{name} {weight:.2f}" for name, weight in zip(fit.names, whole[1:], strict=True)))
    print(f"bias {whole[0]:.2f}, bar {bar:.2f}")
    ways: dict[str, Callable[[Labelled], np.ndarray]] = {
        "in sample": lambda _: whole,
        "file left out": lambda line: held_out(line.source, -1),
        "prompts left out": lambda line: held_out("", fold_of[line.prompt.strip().lower()]),
        "both left out": lambda line: held_out(line.source, fold_of[line.prompt.strip().lower()]),
    }
    for way, fits in ways.items():
        print(f"\n{way}")
        reading = fit.reads(fits, bar)
        for name in XSTEST:
            print(f"{'xstest ' + name:32}{figures([line for line in lines if line.source == name], reading)}")


def main() -> int:
    """Print the tables, or say that there is no data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refit", action="store_true", help="fit the weights anew and print held-out figures")
    parser.add_argument("--bar", type=float, default=-1.6, help="log odds from which a reply is a reproof")
    arguments = parser.parse_args()
    folder = os.environ.get("REBASELINE_DATA")
    if not folder or not Path(folder, "xstest").is_dir():
        print("skipped: REBASELINE_DATA names no folder with xstest")
        return 0
    print_table(Path(folder))
    if arguments.refit:
        print_refit(Path(folder), arguments.bar)
    return 0


if __name__ == "__main__":
    sys.exit(main())
