"""Boilerplate: an Article in, the same Article without furniture out."""
