"""The floor: who is on, what waits against what was promised, and the moves a lead makes there.

Owns the picture of now and the moves that change it. What a move does to a case, a queue or a
person is done by the verbs of `casework.services` and `routing`; here it is kept for undoing.
"""
