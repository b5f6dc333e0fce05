"""The table of settings: files, environment, network file, exit codes. `make docs` writes it to docs/SETTINGS.md."""

from __future__ import annotations

from dataclasses import fields

from scanner.cli.common import EXIT_ERROR, EXIT_INTERRUPTED, EXIT_LEVEL, EXIT_USAGE
from scanner.collect import SOURCES
from scanner.collect.screenshot import INFO as SCREENSHOT
from scanner.egress import NetworkConfig
from scanner.egress.quotas import RATES

ENVIRONMENT = {
    "FALSEFRONT_NETWORK": "Network file, where `--network` is not given.",
    "FALSEFRONT_DATA": "Folder of refreshed data files (`knowledge refresh`); empty switches them off.",
    "FALSEFRONT_BROWSER": "The browser for `--screenshots`, where none is found by its usual name.",
    "FALSEFRONT_BROWSE_TOKEN": "The token readers of `browse` sign in with, where `--token-file` is not given.",
    "FALSEFRONT_GITHUB_TOKEN": "Your token for GitHub's API: more questions an hour. Sent there alone, kept nowhere.",
    "FALSEFRONT_SEARCH": "Settings of your own search service, where `--search-config` is not given.",
    "FALSEFRONT_WEB_SEARCH": "Where the links to a web search lead: an address with `{phrase}` in it.",
    "NO_COLOR": "Any value: no colours.",
    "FORCE_COLOR": "Any value: colours also where the output is no terminal. NO_COLOR wins.",
    "COLUMNS": "Width of the report where the output is no terminal.",
}
"""Environment variable -> what it sets."""

NETWORK_FILE = {
    "now": ("`2024-06-01T00:00:00Z`", "Where the network's clock starts; it runs on from there."),
    "resolver": ('`["127.0.0.1:5353"]`', "DNS servers to ask."),
    "rdap_bootstrap": ('`"https://…/dns.json"`', "The list of RDAP servers."),
    "whois": (
        '`{ default = "whois.iana.org", uk = "…" }`',
        "WHOIS server for a top-level domain, and for the rest.",
    ),
    "archive": ('`"https://web.archive.org"`', "A web archive: CDX and replay."),
    "ct": ('`"https://crt.sh"`', "A certificate log's search."),
    "ca_file": (
        '`"ca.pem"`',
        "Certificates to trust in place of the system's; relative to the network file.",
    ),
    "routes": (
        '`{ "443" = "127.0.0.1:8443", "192.0.2.9:443" = "refuse" }`',
        "Where PORT or ADDRESS:PORT is really dialled, or `refuse`, `blackhole`. With routes, nothing else is.",
    ),
    "allow": ('`["10.1.0.0/16"]`', "Networks that may be reached although they are not public."),
    "pace": ("`false`", "No politeness delays and no quotas: for a network of your own."),
    "deadline_scale": ("`2`", "Multiplies every deadline."),
}
"""Key of the network file -> an example, what it sets."""

UNSET = {
    "now": "the real time",
    "resolver": "the system's",
    "ca_file": "the system's",
    "routes": "none",
    "allow": "none",
}
"""Key of the network file -> what holds where it has no default that could be written there."""

EXIT_CODES = {
    0: "Done; also where some source gave no answer (the scan is then `partial`, and says so).",
    EXIT_ERROR: "An error you can mend; one line on stderr says what, where and what to do. "
    "Also `evaluate --strict` with a missed label, and `doctor` with a broken database.",
    EXIT_USAGE: "The command line can't be meant so.",
    EXIT_LEVEL: "With `scan --fail-on LEVEL`: a case reached LEVEL.",
    EXIT_INTERRUPTED: "Ctrl-C or SIGTERM. What was collected is stored; the same command goes on.",
}
"""Exit code -> what it means."""

FILES = {
    "findings.db": "The database (`--db`): [tables](TABLES.md).",
    "evidence/": "One WARC file a scan, beside the database.",
    "findings.library.db": "The library of originals, beside the database and named after it.",
    "CASE.html, CASE.zip": "What `report --format html` and `bundle` write, in the folder you are in.",
}
"""File -> what is in it."""

_RATES = {
    "rdap": "each registry (RDAP)",
    "whois": "each registry (WHOIS)",
    "archive": "the web archive",
    "ct": "the certificate log",
    "github": "GitHub",
    "github-token": "GitHub, with a token of yours",
}


def settings_page() -> str:
    """The page, without its first line."""
    defaults = NetworkConfig()
    lines = [
        "# Settings\n",
        "Options of each command are in [COMMANDS.md](COMMANDS.md); rules for alerts in [WATCH.md](WATCH.md).\n",
        "## Exit codes\n",
        "| code | meaning |",
        "|---|---|",
        *(f"| {code} | {words} |" for code, words in EXIT_CODES.items()),
        "\n## Environment\n",
        "| variable | sets |",
        "|---|---|",
        *(f"| `{name}` | {words} |" for name, words in ENVIRONMENT.items()),
        "\n## Files\n",
        "| file | holds |",
        "|---|---|",
        *(f"| `{name}` | {words} |" for name, words in FILES.items()),
        "\n## The network file\n",
        "TOML, given with `--network FILE`. Without one, the real internet. An unknown key is an error.\n",
        "| key | example | sets | default |",
        "|---|---|---|---|",
        *(
            f"| `{field.name}` | {NETWORK_FILE[field.name][0]} | {NETWORK_FILE[field.name][1]} "
            f"| {UNSET.get(field.name) or _default(getattr(defaults, field.name))} |"
            for field in fields(NetworkConfig)
        ),
        "\n## Sources\n",
        "Each can be left out (`--without ct,archive`). `--passive` leaves out what touches the site, and asks",
        "rdap and whois at the registry alone. A young answer of an earlier scan is used again (`--fresh` asks).\n",
        "| source | sees the question | touches the site | deadline | answer used again |",
        "|---|---|---|---|---|",
        *(
            f"| {info.name} | {', '.join(info.seen_by)} | {'yes' if info.touches_target else 'no'} "
            f"| {info.deadline:g} s | {f'{info.fresh_days:g} days' if info.fresh_days else 'never'} |"
            for info in (*(source.INFO for source in SOURCES.values()), SCREENSHOT)
        ),
        "\n## Politeness\n",
        "How often an operator is asked, over all cases of a run (and of all runs of `watch`). The time a site or an",
        "operator asks for (`Retry-After`) is kept.\n",
        "| operator | questions | at once after a pause |",
        "|---|---|---|",
        *(f"| {_RATES[kind]} | {_rate(rate)} | {burst} |" for kind, (rate, burst) in RATES.items()),
    ]
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict):
        return "`{ " + ", ".join(f'{key} = "{text}"' for key, text in value.items()) + " }`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _rate(rate: float) -> str:
    """Questions a second, in the largest unit of time that holds a whole number of them."""
    for seconds, unit in ((1, "a second"), (60, "a minute"), (3600, "an hour")):
        if abs(rate * seconds - round(rate * seconds)) < 1e-6 and rate * seconds >= 1:
            return f"{round(rate * seconds)} {unit}"
    return f"one in {1 / rate:.0f} s"
