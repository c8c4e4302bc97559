"""Evidence and bar to verdict, and two verdicts to what became of an assertion (docs/verdicts.md)."""
