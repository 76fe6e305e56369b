"""Owns e-mail: reading what arrives, telling people from machines, writing what we send.

Every module here but those that store things is plain functions over bytes and text, so each can
be tried on a message by hand. What arrives is hostile until proven otherwise.
"""
