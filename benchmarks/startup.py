"""How much `rebaseline --help` costs beside an empty Python: the ratio of medians, taken in turns in one run.

Run it as `python benchmarks/startup.py [RUNS]`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

_AIM = 10.0
_HEAVY = ("openai", "anthropic", "sqlalchemy", "numpy", "scipy", "pydantic", "jinja2", "ruamel")


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main(runs: int) -> None:
    """Print the ratio and what is loaded."""
    empty = [sys.executable, "-c", "pass"]
    helped = [sys.executable, "-c", "from rebaseline.cli import main; main(['--help'])"]
    pairs = [(_seconds(empty), _seconds(helped)) for _ in range(runs + 1)][1:]
    nothing, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"python -c pass {nothing:.3f} s, rebaseline --help {ours:.3f} s: x{ours / nothing:.1f} (aim: x{_AIM:.0f})")
    code = (
        "import sys\ntry:\n from rebaseline.cli import main\n main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {_HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    print(f"heavy modules loaded for it: {found.stderr.strip()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
