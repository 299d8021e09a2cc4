"""Boilerplate: an Article in, the same Article without furniture out."""

from ingest.boilerplate.engine import strip
from ingest.boilerplate.repeats import Learned, Sighting, learn, sightings, site_of, strip_learned
from ingest.boilerplate.rules import Rule, Rules, Where, load_rules

__all__ = [
    "Learned",
    "Rule",
    "Rules",
    "Sighting",
    "Where",
    "learn",
    "load_rules",
    "sightings",
    "site_of",
    "strip",
    "strip_learned",
]
