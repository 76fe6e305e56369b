"""Verbs that change what others use: drafted by one person, released by another."""
