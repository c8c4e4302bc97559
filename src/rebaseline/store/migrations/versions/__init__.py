"""One module a revision, numbered in order: a larger number is a newer schema."""
