"""The app for reviewers: it draws records and records decisions. No number is made here."""
