"""Metric definitions, the facts folded from the ledger, and how fresh they are."""
