"""The case and its parties, and every verb that changes one.

The conductor: a verb here calls `sla`, `routing` and `ledger` by name, in one transaction, so a
reader follows a case by reading down one function.
"""
