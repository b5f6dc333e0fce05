"""An internet in a box: DNS, registration, web, archive and certificate log of one world file, on loopback.

It shares no code with what it tests; only `scanner.model`. A world is started by `serve(directory)`, read by
`load(directory)`.

What the contract (DESIGN §9) leaves open, and how it is here:
- `registration` without `via` can be read by RDAP and WHOIS alike (only a `whois_file`: by WHOIS). With `via:
  whois` or `none` the RDAP server answers 501 (404 would mean there is no such domain), and a top-level
  domain whose every registration is like that is missing from the bootstrap file. With `via: rdap` or `none`
  WHOIS says that this registry has no port 43. So `none` is: registered, and nobody tells.
- `com` and `net` are thin: the registry names registrar and dates, the registrar's own RDAP (a `related`
  link) and WHOIS server knows the registrant. `redacted: true` withholds the registrant's name, organisation
  and mail.
- A domain with `dns` that says nothing of addresses, and a `site`, has the address derived from its name. NS
  are the registration's name servers, else two invented ones. A domain of which only an archive or log entry
  is listed does not exist in the DNS.
- Certificates last 90 days where that leaves them valid by the world's clock and the machine's, else until
  2049: only `expired` makes one that has run out. Their names are the domain, www, and its listed hosts.
- Captures and log entries later than `now` don't exist yet. A capture of the same bytes as before is a
  `warc/revisit`.
- An address on which every host refuses (or has no site, or no TLS) gets a `refuse` route; where hosts
  differ, the connection is cut once the host has been named.
"""

from pathlib import Path

from scanner.world.loader import load
from scanner.world.log import Event
from scanner.world.serve import Served, forever, serve
from scanner.world.words import Label, World, WorldError

SAMPLE = Path(__file__).parent / "sample"
"""The world that ships: every level, all names reserved and all firms invented."""

__all__ = ["SAMPLE", "serve", "forever", "load", "Served", "Event", "World", "Label", "WorldError"]
