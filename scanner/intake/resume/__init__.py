"""Résumés in: PDF, DOCX, ODT, HTML, Markdown and plain text, read for what they claim and for nothing else.

Readers (`pdf`, `office`, `markup`) make lines with their links; `sections`, `dates` and `entries` find what stands
in them; `reading.read` is what a worker process runs. Of all this only claims leave the worker: no text, no name.
"""
