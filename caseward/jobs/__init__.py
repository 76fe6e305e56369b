"""The `caseward` program, scheduled work, and the processes that make up an installation.

Owns what starts, stops and repeats. Decides nothing about cases: it calls the packages below.
"""
