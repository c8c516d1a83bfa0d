"""The nouns: frozen records and protocols, JSON both ways, no input or output."""
