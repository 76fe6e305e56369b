"""Targets, signals, root causes, recovery plans, business reviews and regional plans.

Holds nothing yet; its place in the import chain is kept.
"""
