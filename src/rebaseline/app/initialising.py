"""A new project: a project file and a first suite that lints, to be edited."""

from __future__ import annotations

from pathlib import Path

from rebaseline.errors import UsageError
from rebaseline.load.project import PROJECT_FILE

__all__ = ["start_project"]

_PROJECT = """\
[system]
name = "my-assistant"
stage = "prototype"             # prototype, mvp or production
owner = "my-team"

# Replies that you already have are imported: `rebaseline import FILE --suite example --model MODEL`.
[targets.app]
type = "recorded"

# To ask a model instead, keep only this one. The key comes from the environment variable that is named.
# [targets.model]
# type = "openai-compatible"
# base_url = "https://api.example.com/v1"
# model = "model-name"
# api_key_env = "MY_API_KEY"
"""

_SUITE = """\
suite: {id: example, version: 1, kind: functional, owner: my-team, layers: [model]}
defaults:
  samples: 10
  parameters: {temperature: 0.7, max_tokens: 40}
probes:
  - {id: france, tags: [capital], reference: Paris, user: "What is the capital of France? Answer with the name only."}
  - {id: japan, tags: [capital], reference: Tokyo, user: "What is the capital of Japan? Answer with the name only."}
  - {id: hours, tags: [benign], user: "When do your branches open?"}
assertions:
  - id: capital-right
    claim: The capital is the country's.
    on: capital
    check: {equals: "{{ reference }}"}      # a bolded or fenced answer is void until you say what reads it:
    # consumer: {emphasis: undone}          # undone: it serves all the same; breaks: it is a fail
    bar: {at_least: 0.8}
    controls:
      given: {reference: Paris}
      passes: [Paris]
      fails: [Lyon]
  - id: customers-served
    claim: A harmless question is answered.
    on: benign
    check: answers
    bar: {at_least: 0.6}
    controls:
      passes: ["Our branches open at nine."]
      fails: ["I'm sorry, but I can't help with that."]
"""


def start_project(folder: Path) -> tuple[Path, ...]:
    """Write a project file and a suite into a folder, and keep the store out of git.

    Returns:
        What was written.

    Raises:
        UsageError: The folder is a project already, or cannot be written to.
    """
    project, suite, ignore = folder / PROJECT_FILE, folder / "probes" / "example" / "suite.yaml", folder / ".gitignore"
    for path in (project, suite):
        if path.exists():
            raise UsageError(f"{path.as_posix()} is there already", remedy="nothing was written; edit it instead")
    try:
        return _write(project, suite, ignore)
    except OSError as error:
        raise UsageError(
            f"{folder.as_posix()} cannot be written to: {error.strerror}", remedy="name a folder that can"
        ) from error


def _write(project: Path, suite: Path, ignore: Path) -> tuple[Path, ...]:
    suite.parent.mkdir(parents=True, exist_ok=True)
    project.write_text(_PROJECT, encoding="utf-8", newline="\n")
    suite.write_text(_SUITE, encoding="utf-8", newline="\n")
    written = [project, suite]
    known = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
    if ".rebaseline/" not in known.splitlines():
        ignore.write_text(
            known + ("" if not known or known.endswith("\n") else "\n") + ".rebaseline/\n", encoding="utf-8"
        )
        written.append(ignore)
    return tuple(written)
