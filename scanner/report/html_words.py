"""The sentences of the HTML report that are the same for every case: about addresses and claims, for a reader who is
no engineer."""

from __future__ import annotations

LEVELS = {
    "known": "On a public list",
    "contradicted": "Does not fit",
    "review": "Needs a person",
    "not-enough": "Too little seen",
    "nothing-found": "Nothing unusual seen",
}
"""The level of an address, as a heading is short."""

UNJUDGED = "Not judged yet"

MEANINGS = {
    "known": "An authority's list or its name servers mark a claimed address as taken over. That says nothing about "
    "who worked there in good faith. Settle with your legal or security team how to go on.",
    "contradicted": "Something on public record can't be squared with what is claimed about an address. There may be "
    "an innocent reason. Read the facts below with their explanations, then ask, then settle it elsewhere.",
    "review": "At least one fact is unusual, and only a person can say what it means. Each fact below comes with an "
    "innocent explanation to rule out first.",
    "not-enough": "Most sources gave no answer, or none with a date. That says nothing about the sites or the claims. "
    "Scan again later, and settle the claims in other ways meanwhile.",
    "nothing-found": "Nothing that was seen speaks strongly against the claims about these addresses. That does not "
    "show that a claim is true: a clean result clears nobody.",
    "unjudged": "The scan has not come to a verdict yet. What follows is what it has seen so far.",
}
"""What a level means for the reader, below its sentence."""

CARRIED = "The facts that carried it"
BESIDE = "Also unusual, without carrying it"
NOT_CARRIED = "Worth knowing, though it makes no result by itself"
"""Above the facts that are told first: those that made the level, others beside them, and others where none did."""

HONEST = "A clean result clears nobody, and no result is about a person."
"""On the first page of every report, before the limits in full."""

STATUSES = {
    "partial": "Some sources gave no answer. They are listed for each address and count for nothing.",
    "interrupted": "The scan was interrupted. The same command goes on where it stopped.",
    "running": "The scan is still running. This page shows what was stored so far.",
}

STRENGTHS = {
    "decisive": "carries the result by itself",
    "strong": "strong",
    "medium": "medium",
    "weak": "small, and never makes a result",
    "context": "for the record",
}

SOURCES = {
    "dns": "name servers (dns)",
    "rdap": "domain registry (rdap)",
    "whois": "domain registry (whois)",
    "tls": "site's certificate (tls)",
    "ct": "certificate log (ct)",
    "archive": "web archive (archive)",
    "captures": "archived pages (captures)",
    "website": "site's pages (website)",
    "github": "code platform's record (github)",
    "screenshot": "picture of the page (screenshot)",
    "rendered": "page as a browser shows it (screenshot)",
    "search": "team's search service (search)",
    "library": "library of earlier pages (library)",
    "person": "person's note (person)",
}

FETCHES = {
    "screenshot": "screenshot, the picture",
    "rendered": "screenshot, the page's text after its scripts ran",
}
"""What the appendix calls the fetches whose source alone does not say what was kept."""

SILENCES = {
    "throttled": "asked us to wait",
    "refused": "refused to answer",
    "blocked": "was not connected to, on purpose",
    "timeout": "gave no answer in time",
    "unreachable": "could not be reached",
    "unparsed": "gave an answer that can't be read",
    "error": "was not read, by a fault of ours",
}

ABSENCES = {
    "dns": "The name servers know no host of this name.",
    "rdap": "The registry knows no registration of this name.",
    "whois": "The registry knows no registration of this name.",
    "website": "The page that was given does not exist.",
}
"""Where a source's "no such thing" says something about the address itself. That nobody archived a site, or logged a
certificate, is no such statement."""

STATES = {
    "content": "a site with content",
    "template": "a theme's sample text",
    "parked": "a parking page",
    "for-sale": "an offer to sell the name",
    "default": "a server's default page",
    "coming-soon": "“coming soon”",
    "maintenance": "“under maintenance”",
    "suspended": "a suspended account",
    "challenge": "a bot check",
    "empty-app": "a page that needs scripts",
    "seized-banner": "a seizure notice",
    "error": "an error page",
    "empty": "an empty page",
}

PICTURES = {
    "photo": "a photograph",
    "logo": "called a logo, so it counts for nothing",
    "stock": "called a stock picture, so it counts for nothing",
    "theme": "came with a theme, so it counts for nothing",
    "plain": "too plain to tell, so it counts for nothing",
}

COPIES = {
    "strong": "Much of a page",
    "partial": "Part of a page",
    "template": "Text that many other sites have too",
    "unfilled": "A theme's sample text, never filled in",
}

GENERAL_ASKS = (
    "Who could confirm your time there, and where do they work today?",
    "What did you work on there, and how was the work handed over to customers?",
)
"""Where the facts give fewer than two questions."""

GENERAL_STEPS = (
    "Look the organisation up in the company register of its place, and reach it through a number found there.",
    "Settle who is applying by your usual process: no web site can show that.",
)
"""Where the facts give fewer than two steps."""

ADDRESS_ASK = "What is the organisation's web address, and in which company register does it stand?"
ADDRESS_STEP = (
    "Look the organisations that were named without an address up in the company register of their place."
)

LIMITS = (
    "A clean result clears nobody. Sites are checked here, not people, and real engineers rent out identities.",
    "Nothing here is a statement about a person. Every fact has an innocent explanation, printed beside it: rule that "
    "out first, and let a person decide.",
    "What could not be seen counts for nothing, in either direction.",
    "Archives and logs miss many honest sites, small and young ones most of all. Registries withhold most owners. "
    "Neither means anything by itself.",
    "An address can change hands. What a site shows today need not be what stood there in the claimed years.",
    "To reach an organisation, use a company register or a directory, never a number or mailbox that came with "
    "the claim.",
)
