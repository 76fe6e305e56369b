"""The maths and the text rules of a support operation, as plain Python.

Owns what can be checked by hand: working time and deadlines, uncertainty of shares, case
references, recognition of languages, masking of what not everybody may see. Imports neither
Django nor a database, reads no clock and draws no random number: callers pass in what it needs.
Does not own any table, setting or sentence shown to people.
"""
