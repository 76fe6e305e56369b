"""Sentences and their translations: found in the code, kept in catalogues, compiled, checked.

Uses polib and Babel, so that no gettext has to be installed.
"""
