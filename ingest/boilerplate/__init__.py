"""Boilerplate: an Article in, the same Article without furniture out."""

from ingest.boilerplate.engine import strip
from ingest.boilerplate.rules import Rule, Rules, Where, load_rules

__all__ = ["Rule", "Rules", "Where", "load_rules", "strip"]
