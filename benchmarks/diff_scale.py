"""A diff over 100,000 stored replies in 20 suites: seconds and peak memory of the whole command.

    python benchmarks/diff_scale.py [REPLIES_A_SIDE]

Replies are made up: short JSON, some fenced, some refused, some wrong, so that every path of reading is taken.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_SUITES = 20
_SAMPLES = 5
_AIM_SECONDS, _AIM_MIB = 10.0, 300.0

_SUITE = """\
suite: {{id: scale-{number}, version: 1, kind: functional, owner: bench, layers: [model]}}
defaults: {{samples: {samples}}}
consumer: {{preamble: undone}}
probes:
  each: cases.jsonl
  user: "Return JSON with key total. {{{{ text }}}}"
assertions:
  - id: total-right
    claim: The total equals the invoice's.
    check: {{json_path: $.total, number: "{{{{ reference }}}}"}}
    bar: {{no_worse: 0.1}}
  - id: no-leak
    claim: The internal code never appears.
    check: {{lacks: ZX-4417}}
    bar: {{never: {{ceiling: 0.05}}}}
  - id: short
    claim: The reply is short.
    check: {{length: {{max_words: 60}}}}
    bar: {{at_least: 0.9}}
"""


def _write(root: Path, replies: int) -> None:
    chance = random.Random(7)
    (root / "rebaseline.toml").write_text('[system]\nname = "bench"\n\n[targets.t]\ntype = "recorded"\n')
    probes = replies // _SUITES // _SAMPLES
    for number in range(_SUITES):
        folder = root / "probes" / f"scale-{number}"
        folder.mkdir(parents=True)
        (folder / "suite.yaml").write_text(_SUITE.format(number=number, samples=_SAMPLES))
        rows = [{"id": f"p{i}", "text": f"invoice {i}", "reference": i} for i in range(probes)]
        (folder / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        for side, fenced in (("a", 0.02), ("b", 0.6)):
            with (root / f"{side}-{number}.jsonl").open("w") as file:
                for i in range(probes):
                    for sample in range(_SAMPLES):
                        line = {"probe": f"p{i}", "sample": sample, "response": _reply(i, fenced, chance)}
                        file.write(json.dumps(line) + "\n")


def _reply(total: int, fenced: float, chance: random.Random) -> str:
    if chance.random() < 0.02:
        return "I'm sorry, but I can't help with that request."
    value = total if chance.random() < 0.97 else total + 1
    words = " ".join(chance.choices(("invoice", "amount", "tax", "paid", "due", "net", "gross"), k=20))
    body = json.dumps({"total": value, "note": words})
    return f"```json\n{body}\n```" if chance.random() < fenced else body


def main(replies: int) -> None:
    """Make a project, import both sides, diff them, and print what the diff took."""
    program = [sys.executable, "-m", "rebaseline"]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write(root, replies // 2)
        began = time.perf_counter()
        for side in "ab":
            for number in range(_SUITES):
                command = [*program, "import", f"{side}-{number}.jsonl", "--suite", f"scale-{number}", "--model", side]
                subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"imported {replies:,} replies with {2 * _SUITES} commands in {time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        process = subprocess.Popen([*program, "diff", "--from", "a", "--to", "b"], cwd=root, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        mib = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
        print(
            f"diff of {replies:,} replies: {seconds:.1f} s (aim {_AIM_SECONDS:.0f}), peak {mib:.0f} MiB "
            f"(aim {_AIM_MIB:.0f}), exit {os.waitstatus_to_exitcode(status)}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
