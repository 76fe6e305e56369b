"""Forecasts, capacity plans, business cases, rosters and what-if runs.

Holds nothing yet; its place in the import chain is kept.
"""
