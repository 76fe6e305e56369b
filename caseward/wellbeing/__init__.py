"""Exposure, caps, opt-outs and consent: in a schema and with rights of its own.

Owns what somebody has met on their screen, what they may meet at most and do not want to meet, and
who looked at sums of it. Owns no case: a case is a number here, and what it asks comes in with it.
No manager's database identity reads a row about somebody else, with two exceptions: sums over at
least eight people, and the requests a manager made. Nothing here may be joined to quality, handling
time or discipline.
"""
