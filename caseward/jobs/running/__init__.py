"""`caseward run`: the whole installation as processes on one machine, started and kept alive.

Owns starting, watching, restarting and stopping them, and what is said on the console meanwhile.
"""
