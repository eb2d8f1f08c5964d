"""Bytes -> records: one module per format family, one registry that chooses. Pure."""
