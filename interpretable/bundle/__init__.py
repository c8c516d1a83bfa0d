"""A study's models as plain data, sealed: every byte is hashed before any parser sees it."""
