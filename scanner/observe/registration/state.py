"""Whether an answer describes a registered name, a free one, a reserved one, or the server's refusal.

Read from status values first, then from the short lines of the text: legal notices run on for long lines and
mention every word there is, so a line over 160 characters is never a verdict.
"""

from __future__ import annotations

import re

from scanner.observe.registration.record import State

_LONGEST = 160
_ENDS = ".!?:;\"'*)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_THROTTLED = _any(
    r"limit exceeded|exceeded (?:your|the|my|its|maximum|max|allowed|query|whois)|"
    r"quota (?:of queries )?exceeded|"
    r"exceeded.{0,30}(?:quota|limit|rate)|quota .{0,60}has been exceeded|whois[- ]limit",
    r"too many (?:requests|connections|queries|simultaneous)|too fast|query rate|"
    r"rate[- ]limit (?:exceeded|reached)|(?:been|being) rate[- ]limited|"
    r"(?:limit|quota) (?:has been )?reached|"
    r"maximum (?:number of )?(?:queries|daily|query).{0,40}(?:reached|exceeded)",
    r"(?:ip|address|access|host|(?:you|client) (?:are|is|have|has)).{0,60}"
    r"\b(?:banned|blacklisted|blocked|temporarily (?:denied|suspended|blocked))\b",
    r"\b(?:blocked|banned)[,;:]? (?:due to|because of|for) |\Aexcessive (?:access|queries|querying)",
    r"(?:wait|maintain) (?:at least )?\S{1,12}[ -]?(?:\d+[ -])?(?:second|minute)s?|"
    r"try again (?:in|after) \d+",
    r"requests? of this client is not permitted|lookup quota|number of queries.{0,40}exceed|daily limit|"
    r"per (?:day|minute|hour|24 hours) exceeded|queries? denied|request throttled|currently throttled",
    r"\A(?:user )?throttled\b|temporarily (?:been )?(?:banned|blacklisted)|queried too often|over quota",
)  # fmt: skip
_REFUSED = _any(
    r"access (?:is )?(?:denied|restricted|refused|not allowed|has been denied)|permission denied|"
    r"request denied|"
    r"not authori[sz]ed to (?:use|access|query) this (?:server|service)|\bunauthori[sz]ed\b.{0,40}\bip\b",
    r"ip (?:address )?(?:is )?not (?:authori[sz]ed|allowed|permitted|whitelisted)|query refused|"
    r"service (?:is )?forbidden|"
    r"connection refused|\b(?:authori[sz]ed|allowed) ip\b",
)
_UNAVAILABLE = _any(
    r"too busy|temporarily (?:unavailable|not available|out of service|not be answered)|"
    r"can temporarily not|"
    r"server (?:is )?(?:down|busy|unavailable|under maintenance)|database (?:is )?(?:down|unavailable)|"
    r"try again later|internal (?:server )?error|service (?:is )?(?:unavailable|not available)|"
    r"under maintenance|"
    r"could not (?:connect|be processed)|unable to (?:process|connect|contact)|timed? ?out|premium name",
)
_INVALID = _any(
    r"\Ainvalid (?:query|input|domain|request|object|name|character|syntax|parameter)|"
    r"\bis (?:an )?invalid\b|"
    r"not (?:a )?valid (?:domain|query|name)|is not a valid|malformed|bad (?:request|domain name)|"
    r"syntax error|"
    r"cannot be registered because|contravenes|non bijective|"
    r"(?:unsupported|unknown|illegal) (?:tld|domain)|"
    r"tld is not supported|no whois server|invalid domain|\Aerror:? *\d{8,}|error for \"|"
    r"top level domain.{0,20}not",
    r"too (?:few|many) parts|not (?:supported|served|handled) by this|out of this (?:registry|server)",
)
_RESERVED = _any(
    r"\breserved (?:name|domain|by|for|list|word|-)|(?:is|are|been) reserved|in the reserved|"
    r"\Areserved(?:\W*\Z| by| name)|"
    r"restricted (?:from registration|domain|name)|\A(?:restricted|prohibited)(?:\W*\Z| - )|"
    r"name is restricted|"
    r"(?:is|been) blocked (?:by|from|for)|"
    r"not available (?:or is reserved|for (?:second level )?registration)|cannot be registered\b|"
    r"(?:is )?(?:prohibited|excluded) from registration|prohibited string|not (?:open )?for registration|"
    r"blocked by (?:globalblock|dpml)|dpml|can not be registered|unavailable for registration",
)
_AVAILABLE = _any(
    r"\bno (?:match|entries|entry|data|objects?|records?|information|domain records?|"
    r"such (?:domain|object|name|record))\b"
    r"(?!.{0,60}\b(?:warrant|guarant|liab))|\bno matching\b|"
    r"\bno (?:whois|registration) (?:record|data|information)",
    r"\bnot? (?:been )?(?:registered|found|exist|assigned|delegated|in (?:the |our )?(?:database|registry))\b|"
    r""
    r"(?:does|do|did)(?: not|n't) (?:exist|match|have)|returned 0 objects|nothing found|"
    r"not found\b|notfound|no_se_encontro|object_not_found",
    r"\bis (?:free|available for (?:registration|purchase|sale)|available to|available\W*\Z|unregistered)|"
    r"\Aavailable\b|\bstatus:? *(?:free|available)\b|\bnot (?:currently )?(?:registered|found|exist)",
    r"no existe|nincs talalat|no se encuentra|não existe|nao existe|n'existe pas|no encontrado|"
    r"(?:domain|name|query).{0,30}(?:un|not )known|unknown (?:domain|object)|is not valid!|"
    r"we (?:were unable|do not have)|we do not have an entry|не найден|свободен|available yes|"
    r"this domain is not available in our whois|has not been registered|can be registered|no registrado|"
    r"未注册|no longer (?:registered|exists)|\bwas purged\b|\bavail\b|requested (?:domain|object).{0,40}not",
)

_FREE = {
    "available", "free", "avail", "no object found", "not registered", "notregistered", "nomatch", "no match",
    "not found", "220 available", "unregistered", "libre", "disponible", "available for registration",
    "not assigned", "vacant", "none", "unassigned", "not delegated available", "domain available", "not exist",
}  # fmt: skip
_KEPT = {
    "reserved", "restricted", "prohibited", "blocked", "forbidden", "excluded", "reservado", "not allowed",
    "on hold - reserved", "reserved by registry", "not available for registration", "unassignable",
    "cannot be registered", "quarantined - reserved", "premium reserved",
}  # fmt: skip


def state_of_status(status: str) -> State | None:
    """The state a domain status value stands for, None when it says nothing about it."""
    word = " ".join(status.lower().replace("_", " ").replace("-", " ").split()).strip(" .!*\"'")
    if word in _FREE or word.startswith(
        ("available", "no object found", "not registered", "free ", "no match")
    ):
        return "available"
    if word in _KEPT or word.startswith("reserved"):
        return "reserved"
    if word.startswith("premium name"):
        return "unavailable"
    if word in ("invalid", "unallowable", "not valid"):
        return "invalid"
    if "request denied" in word or "query denied" in word:
        return "refused"
    return None


def notices(text: str) -> list[str]:
    """The sentences that can be a verdict: wrapped lines joined, and what is longer than a notice left out."""
    sentences: list[list[str]] = [[""]]
    for line in (line.strip().lstrip("%#;->[* ").rstrip() for line in text.splitlines()):
        before = sentences[-1][-1]
        if len(before) >= 30 and before[-1] not in _ENDS and (line[:1].islower() or line[:1] == "("):
            sentences[-1].append(line)
        else:
            sentences.append([line])
    joined = (" ".join(lines) for lines in sentences)
    return [sentence for sentence in joined if 0 < len(sentence) <= _LONGEST]


def state_of_text(lines: list[str]) -> tuple[State, str]:
    """State and the line it was read from, for an answer that describes no registration."""
    for state, pattern in _ORDER:
        line = next((line for line in lines if pattern.search(line)), "")
        if line:
            return state, line
    return "unknown", ""


_ORDER: tuple[tuple[State, re.Pattern[str]], ...] = (
    ("throttled", _THROTTLED),
    ("refused", _REFUSED),
    ("reserved", _RESERVED),
    ("available", _AVAILABLE),
    ("invalid", _INVALID),
    ("unavailable", _UNAVAILABLE),
)
