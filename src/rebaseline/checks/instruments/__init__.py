"""The built-in instruments, one module a family. A module's `TYPES` are what the registry takes from it."""
