"""The demo operation: eight weeks of made-up history, and requesters who keep writing in.

Owns nothing an installation needs: it reads the organisation that `operations/demo` describes, lets
a small simulation of its people work through made-up requests, and writes what the verbs of
`casework` would have written. It works only in an installation it made itself.
"""
