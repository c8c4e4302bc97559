import pytest

from rebaseline.checks import Registry
from rebaseline.domain.attempt import Reply


class Reader:
    """Reads texts with a check, as assess would: strictly, or with forms undone."""

    def __init__(self, raw, fields=None):
        registry = Registry.builtin()
        self.leaf = registry.compile(registry.parse(raw), fields or {})

    def strict(self, text, **reply):
        return self.leaf.instrument.look(Reply(text, **reply), frozenset()).value

    def tolerant(self, text, **reply):
        return self.leaf.instrument.look(Reply(text, **reply), frozenset(self.leaf.tolerant)).value

    def both(self, text, **reply):
        return self.strict(text, **reply), self.tolerant(text, **reply)

    def missed_faults(self, text, **reply):
        """Return the names of seeded faults that pass, strictly or tolerantly, after checking that there are three."""
        start = Reply(text, **reply)
        faults = self.leaf.instrument.seeded_faults(start)
        assert len({fault.reply for fault in faults}) >= 3
        right = 0.0 if self.leaf.negated else 1.0
        return [
            fault.name
            for fault in faults
            for undo in (frozenset(), frozenset(self.leaf.tolerant))
            if self.leaf.instrument.look(fault.reply, undo).value == right
        ]


@pytest.fixture
def reader():
    return Reader
