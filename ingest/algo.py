"""Which algorithm `ingest.fingerprint` is: apart from it, so that a command that only asks loads no numpy."""

ALGO = 1
"""Version of all that makes a fingerprint and of the frozen tables; raise it whenever one text's changes."""
