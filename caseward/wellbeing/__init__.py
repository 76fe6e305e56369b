"""Exposure, caps, breaks, opt-outs and hazard disclosure: in a schema and with rights of its own.

Holds nothing yet: reasons already carry the severity (`policy.Reason`) that exposure will count.
"""
