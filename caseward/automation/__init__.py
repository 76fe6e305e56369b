"""Rules: when something happened on a case, and if it is such a case, do this and that.

Owns rules, their versions, how far the ledger was read and what each rule did. What is done to a
case is done by the verbs of `casework`, so nothing here can do what a person could not.
"""
