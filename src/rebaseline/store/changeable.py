"""Which files of a project a decision may write or take away: whatever a change says, it touches no other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import ChangeError
from rebaseline.store.inner_path import inner_parts, is_hidden, is_reached_directly

__all__ = ["Changeable"]

_SUITES = (".yaml", ".yml")
_RECORDS = (".json", ".json.sig")


@dataclass(frozen=True, slots=True)
class Changeable:
    """What may be changed: suites and the project file are replaced, baselines and the ledger written or taken away.

    Attributes:
        root: Folder of the project.
        suites: Folder of the suites, in the project.
        baselines: Folder of the baselines, the ledger and the proposals, in the project.
        project_file: Name of the project file, in the root.
    """

    root: Path
    suites: Path
    baselines: Path
    project_file: str

    def place(self, change: FileChange) -> Path:
        """Return the file that a change is about.

        Raises:
            ChangeError: It is none that a decision writes or takes away, or it is reached by a link.
        """
        try:
            parts = inner_parts(change.path)
        except ChangeError as refusal:
            raise ChangeError(refusal.problem, where=change.path, remedy="nothing was changed") from refusal
        if any(is_hidden(part) for part in parts):
            raise ChangeError(
                f"{change.path!r} has a name that begins with a dot, and no file that a decision writes has one",
                where=change.path,
                remedy="let `[paths]` name folders without a leading dot; nothing was changed",
            )
        if not self._is_ours(parts, change):
            raise ChangeError(
                f"{change.path!r} is no file that a decision {_verb(change)}",
                where=change.path,
                remedy=f"decisions replace {self.project_file} and YAML files in {self.suites.name}, and write "
                f"`.json` and `.json.sig` in {self.baselines.name}; nothing was changed",
            )
        if not is_reached_directly(self.root, parts):
            raise ChangeError(
                f"{change.path!r} is reached by a link, and decisions write through none",
                where=change.path,
                remedy="put the file itself in the link's place; nothing was changed",
            )
        return self.root.resolve().joinpath(*parts)

    def _is_ours(self, parts: tuple[str, ...], change: FileChange) -> bool:
        name, is_replaced = parts[-1].casefold(), bool(change.before and change.after)
        if self._is_in(self.baselines, parts) and name.endswith(_RECORDS):
            return True
        is_suite = self._is_in(self.suites, parts) and name.endswith(_SUITES)
        return is_replaced and (is_suite or parts == (self.project_file,))

    def _is_in(self, folder: Path, parts: tuple[str, ...]) -> bool:
        return self.root.joinpath(*parts).is_relative_to(folder)


def _verb(change: FileChange) -> str:
    if not change.after:
        return "takes away"
    return "replaces" if change.before else "makes"
