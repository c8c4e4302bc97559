"""A pure view of what was found, and renderers of it."""
