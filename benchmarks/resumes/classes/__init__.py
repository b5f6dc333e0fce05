"""Résumés of invented people set with other people's classes, themes and templates."""
