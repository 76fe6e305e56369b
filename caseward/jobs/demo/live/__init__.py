"""Requesters who keep writing in, through the same doors as anybody: mail, web form, survey.

They talk to this machine only, and wait politely while a door is closed.
"""

HERE = "127.0.0.1"
