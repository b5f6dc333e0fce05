"""The tables of `falsefront watch`, in words."""

from __future__ import annotations

TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "watches": (
        "Beside the contract: cases that are scanned again and again (`falsefront watch`).",
        {
            "case_id": "the case",
            "definition": "its claims, as a case file in JSON",
            "every": "seconds from one scan to the next",
            "rules": "path of the file with rules for alerts; may be empty",
            "added_at": "when the watch began: what changed before is not told",
            "due_at": "when the next scan is due",
            "last_at": "when the last one began",
            "paused_at": "since when it is paused",
            "runs": "scans that ended",
            "failures": "runs in a row that ended without a scan",
            "problem": "why the last run failed; empty when it didn't",
        },
    ),
    "changes": (
        "Beside the contract: what changed between the scans of a watched case, each once (`falsefront diff`).",
        {
            "id": "",
            "case_id": "the case",
            "domain": "the site; empty for the case as a whole",
            "kind": "kind of change (`scanner/watch/changes.py`)",
            "fact": "the fact that changed",
            "before": "values it had, a JSON list",
            "after": "values it has now, a JSON list",
            "before_at": "last scan that saw the old ones",
            "after_at": "first scan that saw the new ones",
            "confirmed_at": "scan that settled it",
            "scan": "uid of that scan",
            "sources": "who says so, a JSON list",
            "returned": "1 when it had the new values before already",
            "noticed_at": "when it was written down",
            "told_at": "when the rules were applied to it; empty while that is to be done",
        },
    ),
    "alert_states": (
        "Beside the contract: what a rule has told of already, so that it tells once.",
        {
            "rule": "name of the rule",
            "case_id": "the case",
            "domain": "the site",
            "fact": "the fact",
            "value": "its values, a JSON list",
            "fired_at": "when it was told",
            "cleared_at": "when the fact had other values again; empty while it has these",
        },
    ),
    "messages": (
        "Beside the contract: messages to a team's own mailboxes, web hooks and chats, until they are sent.",
        {
            "id": "",
            "key": "names it to whoever receives it twice",
            "case_id": "case it is about",
            "rules": "path of the file with the channel",
            "channel": "name of the channel in that file",
            "digest": "digest it goes into; empty for one by itself",
            "content": "what it says, JSON",
            "made_at": "when it was written",
            "due_at": "when it is to be sent, or sent again",
            "tries": "how often that was tried",
            "sent_at": "when it went out",
            "dead_at": "when it was given up",
            "problem": "what the last try met",
        },
    ),
    "leases": (
        "Beside the contract: who is at work on what only one may do at a time.",
        {
            "name": "the work",
            "holder": "made by the process that does it",
            "until": "Unix time at which it counts as dead unless it says otherwise",
        },
    ),
    "quotas": (
        "Beside the contract: how often operators were asked, over all processes and runs.",
        {
            "key": "kind and operator, `rdap:rdap.example`",
            "tokens": "questions it may be asked at once",
            "counted": "Unix time at which that was so",
            "closed": "Unix time until which it asked to be left alone",
        },
    ),
}
