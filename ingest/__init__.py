"""The world in, Articles out: no second language, no schedule."""

__version__ = "0.1.0"
