"""Queues and vendor shares: where a case waits and who can take it."""
