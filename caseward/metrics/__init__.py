"""What every figure means, the facts it is made of, and how fresh they are.

Owns metric definitions, targets, and the facts folded from the ledger: outcomes of cases and their
daily sums. Owns no truth: everything here can be thrown away and folded again.
"""
