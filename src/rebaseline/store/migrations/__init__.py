"""Migrations of the results database. A released one is never changed: it is how old databases came to be."""
