"""The way out for messages to a team's own endpoints: a mail server, a web hook, a chat service.

It stands beside the door (`Network`), not behind it. The door's address policy keeps what strangers write from leading
into the owner's network; here every address comes from the owner's own rules file, and is as a rule inside that network
(a mail relay on 10.0.0.5). So no policy applies, and in return nothing here ever dials what a page or an answer named:
no redirect is followed, no answer is read beyond its status. Certificates are checked.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import importlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

import aiohttp

TIMEOUT = 20.0  # seconds for one message


class NotSentError(Exception):
    """A message did not go out; one line that says what the endpoint said."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """security: `tls` (from the start), `starttls`, or `none`."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = ""


async def send_mail(
    server: MailServer, sender: str, to: Sequence[str], subject: str, text: str, key: str
) -> str:
    """One mail. key: letters, digits and dashes; stands in the Message-ID, so that a mailbox that gets it twice shows
    it once. Returns which of several addresses the server did not take it for, "" for none. Raises NotSentError."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), subject
    message["Date"] = datetime.now(UTC)  # of this very try; that it is the same mail, the Message-ID says
    message["Message-ID"] = f"<{key}@falsefront>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        refused = await asyncio.to_thread(_mail, server, message)
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else ""
        raise NotSentError(_line(f"{server.host} said {error.smtp_code} {said}")) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSentError(_line(f"{server.host}:{server.port}: {error}")) from error
    return _line(", ".join(f"not taken for {one} ({code})" for one, code in sorted(refused.items())))


def _mail(server: MailServer, message: EmailMessage) -> dict[str, int]:
    context = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    with connection:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        return {one: code for one, (code, _) in connection.send_message(message).items()}


async def post(url: str, body: bytes, key: str, *, secret: str = "") -> None:
    """One JSON document to a web hook. With a secret, `X-Falsefront-Signature` is `sha256=` and the HMAC of the body.
    Raises NotSentError unless the answer is a 2xx."""
    sent = {"Content-Type": "application/json", "Idempotency-Key": key, "User-Agent": "falsefront"}
    if secret:
        sent["X-Falsefront-Signature"] = (
            "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        )
    try:
        limit = aiohttp.ClientTimeout(total=TIMEOUT)
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(url, data=body, headers=sent, allow_redirects=False) as answer,
        ):
            if not 200 <= answer.status < 300:
                raise NotSentError(f"the web hook answered {answer.status}")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        # Not the library's words: they may hold the address, which may hold a secret.
        why = getattr(getattr(error, "os_error", error), "strerror", None) or type(error).__name__
        raise NotSentError(_line(f"the web hook can't be reached ({why})")) from error


async def chat(url: str, subject: str, text: str) -> None:
    """One message through apprise (the extra `falsefront[chat]`), which knows the services by their addresses.
    Raises NotSentError."""
    try:
        apprise = importlib.import_module("apprise")
    except ImportError as error:
        raise NotSentError("chat needs the package apprise: pip install 'falsefront[chat]'") from error
    service = apprise.Apprise(asset=apprise.AppriseAsset(http_redirects=False))
    if not service.add(url):
        raise NotSentError("apprise does not know the address of this chat")
    # The service's own words are not passed on: they may hold the address, which is a secret.
    if not await asyncio.to_thread(service.notify, body=text, title=subject, body_format="text"):
        raise NotSentError("the chat service did not take the message")


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
