"""Labelled worlds: how often the verdicts are right, for whom they are wrong, and what carries them.

`run` scans the cases, `dissect` judges each again with parts left out, `permute` moves a world to other people and
countries, `figures` counts.
"""

from scanner.evaluate.dissect import Detail
from scanner.evaluate.figures import summary
from scanner.evaluate.run import ERROR, Outcome, campaigns, evaluate_world, workers, worlds_below

__all__ = ["ERROR", "Detail", "Outcome", "campaigns", "evaluate_world", "summary", "workers", "worlds_below"]
