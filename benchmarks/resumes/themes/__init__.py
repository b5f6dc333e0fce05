"""Résumés of invented people as themes of JSON Resume set them: layouts that were made by other people."""
