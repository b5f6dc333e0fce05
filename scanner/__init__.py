"""falsefront: checks whether the sites on a résumé are what they claim to be, and shows the evidence."""

__version__ = "0.1.0"
