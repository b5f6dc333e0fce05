"""Keeping watch: what changed between the scans of a case, when to scan again, and whom to tell.

`facts` reads what one scan saw of one site, `changes` compares scans (both pure), `history` gets them from the
database. `schedule`, `watches` and `run` decide when to scan again; `rules`, `alerts` and `outbox` whom to tell.
"""
