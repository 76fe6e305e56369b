"""The rules of routing as one thing: proposed, checked, tried on last week, switched on, undone.

Rules are kept where routing reads them (vendors' shares, what reasons need, how queues hand out);
a `RuleSet` holds all of them at once, so that a change can be looked at before it happens.
"""
