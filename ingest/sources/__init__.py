"""Sources: a locator in, Refs and RawPages out."""
