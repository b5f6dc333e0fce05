"""Résumés of invented people, made with the tools that people use; see `benchmarks.resumes.making`."""
