"""A page's HTML text -> the blocks of its article, its metadata, and what was left out."""
