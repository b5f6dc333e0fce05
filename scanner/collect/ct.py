"""The certificate log's index (crt.sh): one question about the domain."""

from __future__ import annotations

from urllib.parse import quote

from scanner.collect.base import Job, Outcome, is_address
from scanner.egress import EgressError
from scanner.model import SourceInfo, Status, Target

QUOTA = "ct"
MOST_BYTES = 10 << 20
SECONDS = 28.0  # for the answer itself
PENALTY = 60.0  # seconds of silence after 429 without a Retry-After
PATIENCE = 30.0  # a longer silence than this is `throttled`, and another scan's business
INFO = SourceInfo(
    name="ct",
    seen_by=("log",),
    deadline=90.0,  # asking takes 28; the rest is waiting for a turn beside other targets of the scan
    passive=True,
    asks="domain name",
    dated=True,
    fresh_days=7,
)


def plan(target: Target) -> str:
    return "not-needed an address is in no log" if is_address(target.domain) else ""


async def collect(job: Job) -> Outcome:
    """Keeps whatever answer came; what it means (none logged, throttled) the observer says."""
    network = job.network
    await network.take(QUOTA, patience=PATIENCE)
    url = f"{network.config.ct.rstrip('/')}/?q={quote(job.target.domain)}&output=json"
    try:
        answer = await network.http(url, max_bytes=MOST_BYTES, timeout=SECONDS)
    except EgressError as error:
        if error.evidence is not None:  # what had come by then still holds dated entries
            job.keep(error.evidence)
        raise
    if answer.status == 429 or (answer.status == 503 and answer.retry_after is not None):
        network.penalise(QUOTA, answer.retry_after or PENALTY)
    job.keep(answer.evidence)
    return Outcome(Status.OK)
