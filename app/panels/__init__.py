"""Each panel draws one record."""
