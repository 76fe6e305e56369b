"""Requesters who keep writing in, through the same doors as anybody: mail, web form, survey.

The demo's own people come and go meanwhile, and answer a little. Requesters talk to this machine
only, and wait politely while a door is closed.
"""

HERE = "127.0.0.1"
