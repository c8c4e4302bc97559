"""The ledger of a project looked over: by itself, and beside a commit that it is to be merged into."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rebaseline.app.demanded import Demanded, Held, demanded_at, policy_flaws, stricter
from rebaseline.app.ledgering import ledger_of, look
from rebaseline.app.workspace import Workspace
from rebaseline.errors import ConfigurationError
from rebaseline.load.project import PROJECT_FILE
from rebaseline.load.settings import LedgerSettings, Project
from rebaseline.review.against import ledger_files_of, verify_against
from rebaseline.review.commit import merge_bases
from rebaseline.review.exempt import exempt_from_signing
from rebaseline.review.flaws import Flaw, FlawKind
from rebaseline.review.ledger import SIGNATURE, Ledger, ledger_folder
from rebaseline.review.roots import records_in, verify_added, verify_roots
from rebaseline.review.signed import BAD_STATES, SignatureState
from rebaseline.review.verifying import verify_baselines, verify_duties, verify_entries, verify_signed

__all__ = ["LedgerFindings", "verify_ledger"]

_UNSIGNED_DUTIES = Flaw(
    FlawKind.DUTIES,
    PROJECT_FILE,
    "`separate_duties` without `signed` binds nobody: who acts is what people say of themselves",
    "set `signed = true` under `[ledger]`, too",
    blocks=False,
)


@dataclass(frozen=True, slots=True)
class LedgerFindings:
    """What looking over a ledger found.

    Attributes:
        ledger: The ledger.
        flaws: All that is wrong.
        compared: How many entries the other commit has; None where none was named.
    """

    ledger: Ledger
    flaws: tuple[Flaw, ...]
    compared: int | None = None

    @property
    def blocking(self) -> tuple[Flaw, ...]:
        """Those for which the ledger cannot be relied upon."""
        return tuple(flaw for flaw in self.flaws if flaw.blocks)


def verify_ledger(workspace: Workspace, against: str | None = None, *, start: Path | None = None) -> LedgerFindings:
    """Look over the whole ledger: entries, baselines, signatures, duties, and that nothing of a commit is missing.

    Args:
        workspace: The project, whose `[ledger]` says what is demanded.
        against: A commit whose entries must be here, as they are there, but for those that came there since the two
            parted, and whose own demands hold as well; None looks at no commit.
        start: Folder in the project that the commit is asked for the project of; None takes the project's own.

    Raises:
        LedgerError: It cannot be read, or git or a program that is needed is not there.
        ConfigurationError: What the commit demands cannot be read.
    """
    project, ledger = workspace.project, ledger_of(workspace)
    if against is None:
        exempt = exempt_from_signing(ledger, project.ledger.signed_since)
        flaws = (*_flaws(project, ledger, project.ledger, exempt), *verify_roots(ledger))
        return LedgerFindings(ledger, tuple(dict.fromkeys(flaws)))
    demanded = demanded_at(start or project.root, project, against)
    there = ledger_files_of(demanded.commit, demanded.folder(project))
    parted = _parted(start or project.root, demanded, project)
    known = records_in(ledger, there)
    with stricter(project, demanded) as held:
        made_since = known if held.there.signed else None
        exempt = exempt_from_signing(ledger, held.settings.signed_since, known=made_since)
        found = [
            *policy_flaws(project, demanded, parted),
            *_flaws(project, ledger, held.settings, exempt),
            *verify_against(
                ledger.folder,
                there,
                against,
                before=None if parted is None else [_files_of(it, demanded, project) for it in parted],
                is_mended=partial(_is_mended, project, ledger, there, held),
            ),
            *(verify_added(ledger, known, against) if known else verify_roots(ledger)),
        ]
    compared = sum(not name.endswith(SIGNATURE) for name in there)
    return LedgerFindings(ledger, tuple(dict.fromkeys(found)), compared)


def _parted(start: Path, demanded: Demanded, project: Project) -> list[Demanded] | None:
    """Return what is demanded where the branch and the commit parted; None where that is not known."""
    bases = merge_bases(demanded.commit)
    try:
        return None if bases is None else [demanded_at(start, project, base.digest) for base in bases]
    except ConfigurationError:
        return None


def _files_of(then: Demanded, demanded: Demanded, project: Project) -> Mapping[str, bytes]:
    """Return the ledger's files of a commit, from wherever it lies: there, in the later commit, and here."""
    places = [(it.commit.root, it.folder(project)) for it in (then, demanded)]
    places.append((project.root, ledger_folder(project.paths.baselines)))
    files: dict[str, bytes] = {}
    for root, folder in reversed(dict.fromkeys(places)):
        files |= ledger_files_of(then.commit.below(root), folder)
    return files


def _is_mended(project: Project, ledger: Ledger, there: Mapping[str, bytes], held: Held, name: str) -> bool:
    """Whether the signature of an entry was bad by what a commit says, and another is good here."""
    record = next((it for it in ledger.records.values() if it.name == name), None)
    if record is None:
        return False
    before = replace(record, signature=there.get(name + SIGNATURE))
    return (
        look(project, before, held.there).state in BAD_STATES
        and look(project, record, held.settings).state is SignatureState.GOOD
    )


def _flaws(project: Project, ledger: Ledger, settings: LedgerSettings, exempt: Collection[str]) -> Iterator[Flaw]:
    """Return what is wrong with the ledger, held against these demands."""
    yield from verify_entries(ledger)
    if settings.separate_duties and not settings.signed:
        yield _UNSIGNED_DUTIES
    demanded = settings.signed or settings.separate_duties
    yield from verify_baselines(ledger, project.root, project.paths.baselines, demanded=demanded)
    for record in ledger.records.values():
        needs_one = settings.signed and record.digest not in exempt
        found = [verify_signed(record, look(project, record, settings), demanded=needs_one)]
        if settings.separate_duties:
            found.append(verify_duties(record))
        yield from (flaw for flaw in found if flaw is not None)
