"""Precision and recall of addresses and of employers with their periods: `python -m benchmarks.resumes [FOLDER]`.

FOLDER holds résumés and `expected.json`, as `benchmarks.resumes.making` writes them; without one they are made first.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.resumes import making
from benchmarks.resumes.scoring import Score, score_file


def main(folder: Path, *, verbose: bool) -> int:
    truths = json.loads((folder / "expected.json").read_text("utf-8"))
    total = {"urls": Score(), "employers": Score()}
    started = time.perf_counter()
    for name, truth in sorted(truths.items()):
        if not (folder / name).exists():
            print(f"{name}: was not made")
            continue
        for kind, score in score_file(folder / name, truth).items():
            total[kind].add(score)
            if verbose and (score.wrong or score.missed):
                print(f"{name} {kind}: wrong {sorted(score.wrong)}, missed {sorted(score.missed)}")
    seconds = time.perf_counter() - started
    for kind, score in total.items():
        print(f"{kind}: precision {score.precision:.3f}, recall {score.recall:.3f} ({score.right} right, "
              f"{len(score.wrong)} wrong, {len(score.missed)} missed)")  # fmt: skip
    print(f"of the wrong employers, {total['employers'].marked} were marked")
    print(f"{len(truths)} documents in {seconds:.1f} s")
    urls, employers = total["urls"], total["employers"]
    good = min(urls.precision, urls.recall) >= 0.98 and min(employers.precision, employers.recall) >= 0.9
    return 0 if good else 1


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "-v"]
    if words:
        sys.exit(main(Path(words[0]), verbose="-v" in sys.argv))
    with tempfile.TemporaryDirectory() as made:
        lacking = making.make(Path(made))
        if lacking:
            print(f"not installed, so left out: {', '.join(lacking)}")
        sys.exit(main(Path(made), verbose="-v" in sys.argv))
