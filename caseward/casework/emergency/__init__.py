"""Imminent harm: raising it, paging whoever is on call, deciding with two people, disclosing.

raising     one key: the case comes first, somebody is paged; undone without a trace against anybody
rotas       who is paged in which order, as leads and files write it
trials      a page that only tries out whether somebody is reached
on_call     who is on call for a region and a line of business at a moment
paging      the next page, when one was missed; taking it
deciding    the worksheet, the second person, what was disclosed
"""
