"""Review: the queue of what needs a person, the ledger of what was decided, the terminal."""
