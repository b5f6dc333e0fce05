"""The DNS stage: whether a name exists, whose name servers it has, whether it takes mail. Three questions at most."""

from __future__ import annotations

import asyncio
import ipaddress
from functools import lru_cache

from scanner.egress import EgressError
from scanner.egress.bulk import Bulk, Short
from scanner.knowledge import Knowledge
from scanner.observe.hosting import of_name_servers, parking
from scanner.sweep.offline import FAMILY, LISTED, PARKED, SEIZED, Fact
from scanner.sweep.rows import DNS, REGISTRATION, Row, Step


class Names:
    """Asks through the one door. `refused` and `servfail` are no absence: such a name stays a question."""

    def __init__(self, bulk: Bulk, knowledge: Knowledge) -> None:
        self._bulk = bulk
        self._knowledge = knowledge
        self._told = lru_cache(maxsize=10_000)(self._of_servers)

    async def step(self, row: Row) -> Step:
        """Never raises for what the network does."""
        facts = list(row.facts)
        try:
            servers = await self._bulk.ask(row.domain, "NS")
        except EgressError as error:
            return Step(row.domain, DNS, False, DNS, error.reason, row.rank, facts, failed=True)
        if servers.rcode == "NXDOMAIN":
            if row.rank:
                facts.append(Fact("gone", "there is no such name in the DNS"))
            return Step(row.domain, DNS, True, 0, "gone no such name in the DNS", row.rank, facts)
        if servers.rcode != "NOERROR":
            # A server spoke, and said nothing of the name: what is interesting for another reason goes on.
            following = REGISTRATION if row.rank else DNS
            reason = f"dns-{servers.rcode.lower()}"
            return Step(row.domain, DNS, False, following, reason, row.rank, facts, failed=True)
        mail, web = await asyncio.gather(self._ask(row.domain, "MX"), self._ask(row.domain, "A"))
        rank, told = self._told(tuple(sorted(servers.records)))
        facts += told
        if not any(fact.kind == "parked" for fact in told) and (service := _parked_at(web)):
            facts.append(Fact("parked", f"its address is one of the parking service {service}"))
            rank = max(rank, PARKED)
        if mail is not None and mail.rcode == "NOERROR" and not any(mail.records):
            facts.append(Fact("mail", "names no mail server"))
        rank = max(rank, row.rank)
        return Step(
            row.domain,
            DNS,
            True,
            REGISTRATION if rank else 0,
            "" if rank else "nothing-to-look-into",
            rank,
            facts,
        )

    async def _ask(self, domain: str, rdtype: str) -> Short | None:
        try:
            return await self._bulk.ask(domain, rdtype)
        except EgressError:
            return None

    def _of_servers(self, servers: tuple[str, ...]) -> tuple[int, tuple[Fact, ...]]:
        facts, rank = [], 0
        for zone in self._knowledge.seizure_zones(servers):
            if zone.needs_banner:
                text, weight = f"its name servers are {zone.agency}'s, which serve others too", FAMILY
            elif zone.kind == "seizure":
                text = f"its name servers are those of seized domains ({zone.agency})"
                weight = SEIZED if zone.strength == "strong" else LISTED
            else:
                text, weight = f"its name servers are a sinkhole's ({zone.agency})", LISTED // 2
            facts.append(Fact("seized", text))
            rank = max(rank, weight)
        for row in of_name_servers(servers, ""):
            if row.name == "parking":
                facts.append(Fact("parked", f"its name servers are those of the parking service {row.value}"))
                rank = max(rank, PARKED)
        return rank, tuple(facts)


def _parked_at(web: Short | None) -> str:
    records = web.records if web is not None else ()
    return next((name for text in records if (name := _service(text))), "")


@lru_cache(maxsize=10_000)
def _service(address: str) -> str:
    return parking().by_address(ipaddress.ip_address(address))
