"""Engines: sentences of one language in, English renderings out."""
