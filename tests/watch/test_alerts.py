"""Who is told what, when, how often; against a real mail server and a real web server on loopback."""

from __future__ import annotations

import asyncio
import email
import email.policy
import hashlib
import hmac
import json
import re
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from scanner.cli.watch import send_tests
from scanner.model import Case, Claim, Level, Role
from scanner.store import AsyncStore, Store
from scanner.watch import outbox, watches
from scanner.watch.alerts import tell, write_down
from scanner.watch.changes import KINDS, Change
from scanner.watch.rules import DEFAULT, Rules, RulesError
from scanner.watch.watches import Watch

NOW = datetime(2024, 6, 3, 21, 30, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
CASE = Case("cand-0142", "Jane Roe, req 881", (Claim(Role.PORTFOLIO, "https://janeroe.example/"),))
HOOK = '[channels.hook]\nkind = "webhook"\nurl = "http://127.0.0.1:{port}/in"\nsecret_env = "HOOK_SECRET"\n'
MAIL = (
    '[channels.team]\nkind = "mail"\nserver = "127.0.0.1:{port}"\nsecurity = "none"\nfrom = "watch@example.com"\n'
    'to = ["hiring@example.com", "security@example.com"]\n'
)


def change(
    kind: str, before: str, after: str, day: float = 0, *, returned: bool = False, fact: str = ""
) -> Change:
    at = NOW + day * DAY
    return Change(
        "janeroe.example",
        kind,
        fact or kind,
        (before,),
        (after,),
        at - 7 * DAY,
        at - DAY,
        at,
        f"scan{day}",
        ("dns",),
        returned,
    )


@dataclass
class Desk:
    """A database with one watch and a rules file."""

    folder: Path
    database: Path = field(init=False)

    def __post_init__(self) -> None:
        self.database = self.folder / "f.db"
        with Store(self.database) as store:
            watches.add(store, [CASE], 7 * DAY, NOW - 30 * DAY, rules=str(self.folder / "rules.toml"))

    def rules(self, text: str) -> Rules:
        (self.folder / "rules.toml").write_text(text)
        return Rules.load(self.folder / "rules.toml")

    def watch(self, store: Store) -> Watch:
        return watches.watches(store)[0]

    def notice(self, rules: Rules, *changes: Change, level: str = "review") -> int:
        """The messages that these changes make."""
        with Store(self.database) as store:
            watch = self.watch(store)
            at = max(c.confirmed_at for c in changes if c.confirmed_at)
            write_down(store, watch, changes, at)
            return tell(store, watch, rules, level, at)

    def messages(self) -> list[dict[str, Any]]:
        with Store(self.database, readonly=True) as store:
            return store._dicts("select * from messages order by id")

    async def send(self, when: datetime) -> list[str]:
        async with await AsyncStore.open(self.database) as store:
            return await outbox.send_all(store, when)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


RULE = '[[rules]]\nto = ["hook"]\n'


# ---------------------------------------------------------------------------------------------- servers


@dataclass
class Mailbox:
    """What a mail server got. refuse: how often it says 451 first. unknown: a mailbox it does not have."""

    port: int = 0
    refuse: int = 0
    unknown: str = ""
    got: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse:
            self.refuse -= 1
            return "451 greylisted, come back later"
        self.got.append(envelope)
        return "250 taken"


@asynccontextmanager
async def mail_server(context: ssl.SSLContext | None = None, refuse: int = 0) -> AsyncIterator[Mailbox]:
    box = Mailbox(refuse=refuse)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(box, tls_context=context, require_starttls=context is not None), "127.0.0.1", 0
    )
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()


@dataclass
class Hook:
    port: int = 0
    location: str = "http://127.0.0.1:9/"
    answers: list[int] = field(default_factory=list)  # statuses to answer with, then 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@asynccontextmanager
async def hook_server(*answers: int) -> AsyncIterator[Hook]:
    hook = Hook(answers=list(answers))

    async def take(request: web.Request) -> web.Response:
        hook.got.append((dict(request.headers), await request.read()))
        status = hook.answers.pop(0) if hook.answers else 200
        return web.Response(status=status, headers={"Location": hook.location} if status == 302 else {})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    hook.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    try:
        yield hook
    finally:
        await runner.cleanup()


# ------------------------------------------------------------------------------------------ whom and when


def test_a_change_is_told_once_however_often_it_is_seen(desk: Desk) -> None:
    rules = desk.rules(HOOK.format(port=9) + RULE)
    gone = change("gone", "content", "gone", fact="site")
    assert [desk.notice(rules, gone), desk.notice(rules, gone), desk.notice(rules, gone)] == [1, 0, 0]


def test_what_recovers_is_told_again_only_after_it_kept_still(desk: Desk) -> None:
    rules = desk.rules(HOOK.format(port=9) + RULE)

    def away(day: float) -> int:
        return desk.notice(rules, change("gone", "content", "gone", day, fact="site", returned=day > 0))

    def back(day: float) -> int:
        return desk.notice(rules, change("back", "gone", "content", day, fact="site", returned=True))

    # given a site that goes and comes every week: told when it went first, when it was back, then no more
    turns = [away(7 * n) if n % 2 == 0 else back(7 * n) for n in range(20)]
    assert turns == [1, 1] + [0] * 18
    # given that it then stood for three weeks, it is told again, and so is that it is back
    assert [away(150), back(170), away(190)] == [1, 1, 1]


def test_a_rule_that_is_not_told_of_recoveries_is_armed_by_them_too(desk: Desk) -> None:
    rules = desk.rules(HOOK.format(port=9) + RULE + 'kinds = ["gone", "verdict"]\nlevel = "review"\n')

    def turn(kind: str, before: str, after: str, day: float, fact: str = "site") -> int:
        level = after if fact == "verdict" else "review"
        return desk.notice(rules, change(kind, before, after, day, fact=fact, returned=day > 0), level=level)

    assert [
        turn("gone", "content", "gone", 0),
        turn("back", "gone", "content", 7),
        turn("gone", "content", "gone", 40),
    ] == [1, 0, 1]
    assert [
        turn("verdict", "nothing-found", "review", 50, "verdict"),
        turn("verdict", "review", "nothing-found", 57, "verdict"),
        turn("verdict", "nothing-found", "review", 80, "verdict"),
    ] == [1, 0, 1]


def test_hosts_that_take_turns_are_told_of_once(desk: Desk) -> None:
    rules = desk.rules(HOOK.format(port=9) + RULE)
    made = [desk.notice(rules, change("hosting", "One AB", "Two AB", 0))]
    for turn in range(1, 8):
        one, other = ("Two AB", "One AB") if turn % 2 else ("One AB", "Two AB")
        made.append(desk.notice(rules, change("hosting", one, other, turn * 14, returned=True)))
    assert made == [1] + [0] * 7


def test_rules_choose_by_kind_level_and_case(desk: Desk) -> None:
    rules = desk.rules(
        HOOK.format(port=9)
        + '[[rules]]\nname = "a"\nto = ["hook"]\nkinds = ["gone"]\n'
        + '[[rules]]\nname = "b"\nto = ["hook"]\nlevel = "contradicted"\n'
        + '[[rules]]\nname = "c"\nto = ["hook"]\ncases = ["vendor-*"]\nkinds = ["all"]\n'
    )
    wanted = {rule.name: rule.wants("cand-1", "gone", "review") for rule in rules.rules}
    assert wanted == {"a": True, "b": False, "c": False}
    assert rules.rules[1].wants("cand-1", "gone", "known")
    assert not rules.rules[1].wants("cand-1", "gone", "")
    assert rules.rules[2].wants("vendor-7", "renewed", "nothing-found")
    assert not rules.rules[0].wants("cand-1", "renewed", "known")
    assert "renewed" not in DEFAULT
    assert set(KINDS) > DEFAULT > {"seized", "gone", "registrar"}


def test_what_changed_before_the_watch_began_is_not_told(desk: Desk) -> None:
    rules = desk.rules(HOOK.format(port=9) + RULE)
    assert desk.notice(rules, change("gone", "content", "gone", -60, fact="site")) == 0


def test_quiet_hours_and_digests_hold_back(desk: Desk) -> None:
    rules = desk.rules(
        'timezone = "Europe/Dublin"\n' + HOOK.format(port=9)
        + '[[rules]]\nname = "night"\nto = ["hook"]\nquiet = "20:00-07:00"\n'
        + '[[rules]]\nname = "day"\nto = ["hook"]\ndigest = "daily"\n'
        + '[[rules]]\nname = "week"\nto = ["hook"]\ndigest = "weekly"\n'
    )  # fmt: skip
    due = {rule.name: rule.due(NOW) for rule in rules.rules}
    # given 22:30 on a Monday in Dublin
    assert due["night"] == due["day"].replace(hour=6) == datetime(2024, 6, 4, 6, tzinfo=UTC)
    assert due["day"] == datetime(2024, 6, 4, 7, tzinfo=UTC)
    assert due["week"] == datetime(2024, 6, 10, 7, tzinfo=UTC)
    assert rules.rules[0].due(NOW.replace(hour=12)) == NOW.replace(hour=12)


async def test_a_digest_is_one_message_of_several(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3")
    async with hook_server() as hook:
        rules = desk.rules(HOOK.format(port=hook.port) + '[[rules]]\nto = ["hook"]\ndigest = "daily"\n')
        desk.notice(rules, change("gone", "content", "gone", fact="site"))
        desk.notice(rules, change("registrar", "Gandi SAS", "Dynadot Inc", 0.01))
        assert await desk.send(NOW + timedelta(hours=1)) == []
        assert hook.got == []
        assert await desk.send(NOW + DAY) == []
    (_, body), = hook.got  # fmt: skip
    assert [c["changes"][0]["kind"] for c in json.loads(body)["cases"]] == ["gone", "registrar"]


# --------------------------------------------------------------------------------------------- what it says


async def test_a_mail_says_no_more_than_the_case_id(desk: Desk) -> None:
    async with mail_server() as box:
        rules = desk.rules(MAIL.format(port=box.port) + '[[rules]]\nto = ["team"]\n')
        desk.notice(rules, change("gone", "content", "gone", fact="site"))
        assert await desk.send(NOW) == []
        assert await desk.send(NOW + DAY) == []  # sent is sent
    (envelope,) = box.got
    assert envelope.rcpt_tos == ["hiring@example.com", "security@example.com"]
    assert isinstance(envelope.content, bytes)
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert mail["Subject"] == "falsefront: cand-0142: the site is gone"
    whole = envelope.content.decode()
    assert "janeroe" not in whole
    assert "Jane" not in whole
    assert "accuses nobody" in whole


async def test_a_mailbox_that_is_refused_beside_others_is_told_and_nobody_gets_it_twice(desk: Desk) -> None:
    async with mail_server() as box:
        box.unknown = "security@example.com"
        rules = desk.rules(MAIL.format(port=box.port) + '[[rules]]\nto = ["team"]\n')
        desk.notice(rules, change("gone", "content", "gone", fact="site"))
        assert await desk.send(NOW) == ["team: sent, but not taken for security@example.com (550)"]
        assert await desk.send(NOW + DAY) == []
    assert [envelope.rcpt_tos for envelope in box.got] == [["hiring@example.com"]]
    assert desk.messages()[0]["problem"] == "not taken for security@example.com (550)"


async def test_what_is_shown_beside_the_id_is_what_the_rule_names(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3")
    async with hook_server() as hook:
        rules = desk.rules(
            HOOK.format(port=hook.port) + '[[rules]]\nto = ["hook"]\nshow = ["address", "values", "label"]\n'
        )
        desk.notice(rules, change("registrar", "Gandi SAS", "Dynadot Inc"))
        await desk.send(NOW)
    ((headers, body),) = hook.got
    (case,) = json.loads(body)["cases"]
    assert case["label"] == "Jane Roe, req 881"
    assert case["changes"][0] | {"seen": ""} == {
        "kind": "registrar", "what": "the registrar changed", "seen": "", "address": "janeroe.example",
        "before": ["Gandi SAS"], "after": ["Dynadot Inc"],
    }  # fmt: skip
    # and the body is signed, and named by a key
    assert headers["X-Falsefront-Signature"] == "sha256=" + hmac.new(b"s3", body, hashlib.sha256).hexdigest()
    assert len(headers["Idempotency-Key"]) == 32


async def test_a_hostile_registry_writes_no_lines_into_a_mail(desk: Desk) -> None:
    async with mail_server() as box:
        rules = desk.rules(MAIL.format(port=box.port) + '[[rules]]\nto = ["team"]\nshow = ["values"]\n')
        desk.notice(rules, change("registrar", "Gandi", "Evil\r\n.\r\nMAIL FROM:<x@x>\r\nBcc: a@b.example"))
        assert await desk.send(NOW) == []
    (envelope,) = box.got
    assert envelope.rcpt_tos == ["hiring@example.com", "security@example.com"]
    assert isinstance(envelope.content, bytes)
    assert b"\nMAIL FROM" not in envelope.content
    assert b"\nBcc" not in envelope.content


async def test_a_chat_gets_the_same_words_through_apprise(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("apprise")
    async with hook_server() as hook:
        monkeypatch.setenv("CHAT_URL", f"json://127.0.0.1:{hook.port}/room")
        rules = desk.rules('[channels.room]\nkind = "chat"\nurl_env = "CHAT_URL"\n[[rules]]\nto = ["room"]\n')
        desk.notice(rules, change("gone", "content", "gone", fact="site"))
        assert await desk.send(NOW) == []
    ((_, body),) = hook.got
    assert json.loads(body)["title"] == "falsefront: cand-0142: the site is gone"


@pytest.mark.parametrize("kind", ["webhook", "chat"])
async def test_no_redirect_is_followed(desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    if kind == "chat":
        pytest.importorskip("apprise")
    async with hook_server() as elsewhere, hook_server(302) as hook:
        hook.location = f"http://127.0.0.1:{elsewhere.port}/"
        scheme = "json" if kind == "chat" else "http"
        monkeypatch.setenv("URL", f"{scheme}://127.0.0.1:{hook.port}/room")
        rules = desk.rules(f'[channels.room]\nkind = "{kind}"\nurl_env = "URL"\n[[rules]]\nto = ["room"]\n')
        desk.notice(rules, change("gone", "content", "gone", fact="site"))
        assert len(await desk.send(NOW)) == 1
    assert (len(hook.got), len(elsewhere.got)) == (1, 0)


# ------------------------------------------------------------------------------------------------- failures


async def test_a_mail_server_that_is_down_delays_and_loses_nothing(desk: Desk) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        rules = desk.rules(MAIL.format(port=unused.getsockname()[1]) + '[[rules]]\nto = ["team"]\n')
        desk.notice(rules, change("gone", "content", "gone", fact="site"))
        (problem,) = await desk.send(NOW)
        assert "\n" not in problem
        assert "tried 1 of 10 times" in problem
        assert await desk.send(NOW + timedelta(minutes=1)) == []  # not before its time
    # given a server that comes up, and one that first says to come back
    async with mail_server(refuse=1) as box:
        desk.rules(MAIL.format(port=box.port) + '[[rules]]\nto = ["team"]\n')
        (problem,) = await desk.send(NOW + timedelta(minutes=6))
        assert "451" in problem
        assert await desk.send(NOW + timedelta(hours=1)) == []
        assert await desk.send(NOW + timedelta(hours=2)) == []
    assert len(box.got) == 1


async def test_a_dead_letter_is_kept_shown_and_can_be_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3")
    async with hook_server(*[500, 302, 404, 429, 503] * 2) as hook:
        rules = desk.rules(HOOK.format(port=hook.port) + RULE)
        desk.notice(rules, change("gone", "content", "gone", fact="site"))
        at, tries = NOW, 0
        while await desk.send(at):
            tries += 1
            at += timedelta(hours=7)
        assert tries == outbox.MOST_TRIES == len(hook.got)
        with Store(desk.database) as store:
            assert outbox.counts(store) == {"waiting": 0, "dead": 1}
            (letter,) = outbox.dead(store)
            assert (letter["case_id"], letter["problem"]) == ("cand-0142", "the web hook answered 503")
            assert outbox.revive(store, at) == 1
        assert await desk.send(at) == []
    # and every try bore the same key, so that the receiver could tell
    assert len({headers["Idempotency-Key"] for headers, _ in hook.got}) == 1
    assert len(hook.got) == outbox.MOST_TRIES + 1


async def test_two_senders_send_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3")
    async with hook_server() as hook:
        rules = desk.rules(HOOK.format(port=hook.port) + RULE)
        desk.notice(rules, change("gone", "content", "gone", fact="site"))
        await asyncio.gather(desk.send(NOW), desk.send(NOW))
        await desk.send(NOW - 300 * DAY)  # the clock was set back
    assert len(hook.got) == 1


async def test_a_certificate_nobody_vouches_for_gets_no_password(desk: Desk, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made = await asyncio.to_thread(
        subprocess.run,
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mail",
         "-keyout", str(tmp_path / "k.pem"), "-out", str(tmp_path / "c.pem")],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl is not here")
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
    async with mail_server(context) as box:
        text = MAIL.format(port=box.port).replace('"none"', '"starttls"')
        rules = desk.rules(text + '[[rules]]\nto = ["team"]\n')
        desk.notice(rules, change("gone", "content", "gone", fact="site"))
        (problem,) = await desk.send(NOW)
    assert "certificate" in problem.lower()
    assert box.got == []


async def test_a_channel_or_secret_that_is_missing_is_said_and_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    rules = desk.rules(HOOK.format(port=9) + RULE)
    desk.notice(rules, change("gone", "content", "gone", fact="site"))
    (problem,) = await desk.send(NOW)
    assert "the environment has no HOOK_SECRET" in problem
    (desk.folder / "rules.toml").unlink()
    (problem,) = await desk.send(NOW + DAY)
    assert "No such file" in problem


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no [[rules]]"),
        ("x = 1\n", "unknown key 'x'"),
        (HOOK + '[[rules]]\nto = ["team"]\n', "no 'team'"),
        (HOOK + '[[rules]]\nto = ["hook"]\nkinds = ["bankrupt"]\n', "no kind 'bankrupt'"),
        (HOOK + '[[rules]]\nto = ["hook"]\nquiet = "late"\n', "HH:MM-HH:MM"),
        (HOOK + '[[rules]]\nto = ["hook"]\nlevel = "bad"\n', "level must be one of"),
        (HOOK + '[[rules]]\nto = ["hook"]\ndigest = "yearly"\n', "daily or weekly"),
        (HOOK + '[[rules]]\nto = "hook"\n', "list of texts"),
        (
            MAIL.replace("hiring@example.com", "a@b\\nBcc: c@d") + '[[rules]]\nto = ["team"]\n',
            "mail addresses",
        ),
        (MAIL.replace("127.0.0.1:{port}", "mail") + '[[rules]]\nto = ["team"]\n', "HOST:PORT"),
        (MAIL + 'password = "x"\n[[rules]]\nto = ["team"]\n', "unknown key 'password'"),
        ('[channels.h]\nkind = "webhook"\nurl = "file:///etc/passwd"\n[[rules]]\nto = ["h"]\n', "https://"),
        ('timezone = "Mars/Olympus"\n' + HOOK + RULE, "not known here"),
        (HOOK + RULE + "[[rules", "Expected"),
    ],
)
def test_rules_that_make_no_sense_are_one_line(text: str, says: str) -> None:
    with pytest.raises(RulesError) as said:
        Rules.parse(text.replace("{port}", "9"), "alerts.toml")
    assert says in str(said.value)
    assert str(said.value).startswith("alerts.toml: ")
    assert "\n" not in str(said.value)


def test_levels_of_the_rules_are_those_of_the_verdict() -> None:
    rules = Rules.parse(HOOK.format(port=9) + RULE + 'level = "review"\n')
    assert [level for level in Level if rules.rules[0].wants("c", "gone", level)] == [
        level for level in Level if level.rank >= Level.REVIEW.rank
    ]


async def test_test_mails_have_the_head_that_servers_ask_for() -> None:
    # when two test mails are sent
    async with mail_server() as box:
        rules = Rules.parse(MAIL.format(port=box.port) + '[[rules]]\nto = ["team"]\n')
        for _ in range(2):
            assert await send_tests(list(rules.channels.values())) == {"team": ""}
    heads = [email.message_from_bytes(one.content or b"", policy=email.policy.default) for one in box.got]  # type: ignore[arg-type]
    # then each has a date, and a whole Message-ID of its own: mailboxes show one that comes twice once
    first, second = (str(head["Message-ID"]) for head in heads)
    assert first != second
    assert re.fullmatch(r"<test-[0-9a-f]{32}@falsefront>", first)
    assert abs(heads[0]["Date"].datetime - datetime.now(UTC)) < DAY


def test_what_moved_with_a_seizure_is_not_told_a_second_time(desk: Desk) -> None:
    rules = desk.rules(HOOK.format(port=9) + RULE)
    seized = change("seized", "content", "seized-banner", 0, fact="site")
    # given name servers and network that were first seen in the same scan, and settled a week later
    moved = [
        replace(change(kind, "Old", "New", 7), after_at=seized.after_at)
        for kind in ("hosting", "name-servers")
    ]
    assert desk.notice(rules, seized, level="known") == 1
    assert desk.notice(rules, seized, *moved, level="known") == 0
    # but what moves later is news
    assert desk.notice(rules, change("mail", "One", "Two", 30), level="known") == 1


@pytest.mark.parametrize("kinds", ['["all"]', '["hosting"]', '["seized", "hosting"]'])
def test_a_rule_that_lists_its_kinds_tells_what_moved_with_a_seizure_too(desk: Desk, kinds: str) -> None:
    rules = desk.rules(HOOK.format(port=9) + RULE + f"kinds = {kinds}\n")
    seized = change("seized", "content", "seized-banner", 0, fact="site")
    desk.notice(rules, seized)
    assert (
        desk.notice(rules, seized, replace(change("hosting", "Old", "New", 7), after_at=seized.after_at)) == 1
    )
