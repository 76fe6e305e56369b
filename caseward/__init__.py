"""Caseward runs a Trust & Safety user-support operation end to end."""

__version__ = "0.1.0"
