"""What a manifest says reads as it was written, and nothing else is taken for one."""

from __future__ import annotations

import json

import pytest

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import ChangeError
from rebaseline.store.manifest import Manifest, manifest_bytes, parse_manifest, sha256_of
from rebaseline.store.stamp import Stamp

GOOD = Manifest(
    (FileChange("probes/a.yaml", sha256_of(b"old"), sha256_of(b"new")), FileChange("b", sha256_of(b"old"), "")),
    Stamp(2**64 + 1, 1_700_000_000_123_456_789),
)


def with_(**changed):
    return json.dumps(json.loads(manifest_bytes(GOOD)) | changed).encode()


def entry(**changed):
    return {"path": "a", "before": "", "after": ""} | changed


def test_it_reads_as_it_was_written():
    assert parse_manifest(manifest_bytes(GOOD), shown="m") == GOOD
    assert parse_manifest(with_(), shown="m") == GOOD


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"\xff", b"[" * 100_000, with_(format=1), with_(format=3), with_(files=None)),
        *(with_(files=[1]), with_(files=[entry(before="x")]), with_(files=[entry(after=1)]), with_(files=[{}])),
        with_(files=[entry(), entry(path="A")]),
        *(with_(stamp=None), with_(stamp={}), with_(stamp=[]), with_(stamp={"number": 1})),
        with_(stamp={"number": True, "changed_ns": 1}),
        with_(stamp={"number": 1, "changed_ns": 1.0}),
    ],
)
def test_what_is_none_is_refused(content):
    with pytest.raises(ChangeError, match="damaged or foreign") as refused:
        parse_manifest(content, shown="folder/manifest.json")
    assert refused.value.where == "folder/manifest.json"
    assert "delete this folder" in refused.value.remedy
