"""Live events: telling open pages that something they show has changed.

A process of its own, without Django's request stack. It says only where to look, never what is
there: the page asks again, and the server checks what that person may see.
"""
