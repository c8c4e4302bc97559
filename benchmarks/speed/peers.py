"""Other harnesses with the smallest project that asks the same server as often: optional, and none is a dependency.

Each is looked for in folders that are given and then on the PATH. Caches and telemetry are off, replies are kept as
the harness keeps them unless told otherwise, and the check is the plainest that it has for "contains 42".
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["PEERS", "Job", "Peer", "found", "version_of"]


@dataclass(frozen=True, slots=True)
class Job:
    """What a harness is to do.

    Attributes:
        root: Folder for its project and for all that it writes.
        base_url: The server's.
        probes: Requests.
        at_once: Requests at a time.
    """

    root: Path
    base_url: str
    probes: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Peer:
    """A harness.

    Attributes:
        program: Name of its command.
        write: Writes the project, and returns the arguments of the command that runs it.
        environment: Variables that it needs; `{root}` and `{base_url}` are filled in.
    """

    program: str
    write: Callable[[Job], Sequence[str]]
    environment: Mapping[str, str] = field(default_factory=dict)

    def environment_of(self, job: Job) -> dict[str, str]:
        """Return the environment of the command."""
        own = {name: value.format(root=job.root, base_url=job.base_url) for name, value in self.environment.items()}
        return {**os.environ, **own}


def found(peer: Peer, folders: Sequence[Path]) -> str | None:
    """Return where the command of a harness is; None where it is not installed."""
    places = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    return shutil.which(peer.program, path=places)


def version_of(peer: Peer, program: str, home: Path) -> str:
    """Return the version of a harness, as it tells it, or as its package does.

    Args:
        peer: The harness.
        program: Its command.
        home: A folder that it may write to.
    """
    beside = Path(program).parent / "python"  # of the environment that a Python program is installed in
    package = peer.program.replace("lm-eval", "lm_eval").replace("inspect", "inspect_ai")
    command = (
        [str(beside), "-c", f"from importlib.metadata import version; print(version({package!r}))"]
        if beside.exists()
        else [program, "--version"]
    )
    environment = peer.environment_of(Job(home, "", 0, 0))
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, env=environment).stdout
    return said.strip().splitlines()[-1]


def _promptfoo(job: Job) -> Sequence[str]:
    (job.root / "rows.csv").write_text("number\n" + "".join(f"{number}\n" for number in range(job.probes)))
    config = {
        "prompts": ["What is the total of invoice {{number}}?"],
        "providers": [{"id": "openai:chat:bench", "config": {"apiBaseUrl": job.base_url, "apiKey": "none"}}],
        "defaultTest": {"assert": [{"type": "contains", "value": "42"}]},
        "tests": "file://rows.csv",
    }
    (job.root / "promptfooconfig.json").write_text(json.dumps(config))
    quiet = ("--no-table", "--no-progress-bar", "--no-share", "--no-cache")
    return ("eval", "-c", "promptfooconfig.json", "-j", str(job.at_once), *quiet)


_INSPECT = """\
from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.scorer import includes


@task
def speed():
    asked = [Sample(input=f"What is the total of invoice {{number}}?", target="42") for number in range({probes})]
    return Task(dataset=asked, scorer=includes())
"""


def _inspect(job: Job) -> Sequence[str]:
    (job.root / "speed.py").write_text(_INSPECT.format(probes=job.probes))
    at_once = str(job.at_once)
    return (
        *("eval", "speed.py", "--model", "openai-api/bench/bench", "--display", "none", "--log-dir", "logs"),
        *("--max-connections", at_once, "--max-samples", at_once),
    )


def _lm_eval(job: Job) -> Sequence[str]:
    (job.root / "rows.jsonl").write_text("".join(f'{{"number": {number}}}\n' for number in range(job.probes)))
    task = {
        "task": "speed",
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": str(job.root / "rows.jsonl")}},
        "test_split": "test",
        "output_type": "generate_until",
        "doc_to_text": "What is the total of invoice {{number}}?",
        "doc_to_target": "42",
        "generation_kwargs": {"until": []},
        "filter_list": [{"name": "number", "filter": [{"function": "regex", "regex_pattern": "(42)"}, _FIRST]}],
        "metric_list": [{"metric": "exact_match"}],
    }
    (job.root / "speed.yaml").write_text(json.dumps(task))
    model = f"model=bench,base_url={job.base_url}/chat/completions,num_concurrent={job.at_once},tokenizer_backend=None"
    return (
        *("run", "--model", "local-chat-completions", "--model_args", model, "--apply_chat_template"),
        *("--tasks", "speed", "--include_path", ".", "--output_path", "out", "--log_samples"),
    )


_FIRST = {"function": "take_first"}

PEERS: tuple[Peer, ...] = (
    Peer(
        "promptfoo",
        _promptfoo,
        {
            "PROMPTFOO_CONFIG_DIR": "{root}/home",
            "PROMPTFOO_DISABLE_TELEMETRY": "1",
            "PROMPTFOO_DISABLE_UPDATE": "1",
            "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
        },
    ),
    Peer("inspect", _inspect, {"BENCH_API_KEY": "none", "BENCH_BASE_URL": "{base_url}"}),
    Peer("lm-eval", _lm_eval, {"OPENAI_API_KEY": "none", "HF_HOME": "{root}/home", "HF_HUB_OFFLINE": "1"}),
)
"""The harnesses, in the order of the table."""
