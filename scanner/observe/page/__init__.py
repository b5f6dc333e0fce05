"""What one fetched web page says: its text, state, links, contacts, history claims and identifiers.

`document.read` parses a page once; every other module takes the resulting `Document` and returns plain rows.
All of it is pure and linear in the size of the page, and runs in worker processes.
"""
