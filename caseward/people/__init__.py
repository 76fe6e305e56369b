"""Check-ins, 1:1s, coaching and careers.

Holds nothing yet; its place in the import chain is kept.
"""
