"""A browser of this machine, for one site: Chromium, Chrome or Edge, driven over a pipe.

No library: a dozen messages of the DevTools protocol are all that is needed, while Playwright brings 168 MB and a
second runtime; and the browser's own command line (`--screenshot`) can't log in to a proxy. Over a pipe no other
program of the machine can drive the browser, as it could over a debugging port.

Each site has a browser with its own empty profile, which goes with it, and its own process group, which is killed at
its end.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.collect.devtools import BrowserError, Pipe
from scanner.egress import USER_AGENT, BrowserProxy

SETTING = "FALSEFRONT_BROWSER"
MISSING = (
    "pictures are not taken on Windows; scans do not need them"
    if sys.platform == "win32"
    else f"install Chromium (Debian: apt install chromium) or Chrome, or name one in {SETTING}; scans do not need it"
)
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "chromium-headless-shell",
)  # fmt: skip
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
WIDTH, HEIGHT = 1280, 900
REQUESTS = 300
MOST_MEMORY = 1 << 30  # of all its processes together
DRAWS = 10.0  # seconds for the picture itself
LARGEST_PICTURE = 1_900_000  # bytes of a PNG; what is larger is taken again as a JPEG
LARGEST_DOM = 4 << 20

_FLAGS = (
    "--headless", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check", "--disable-gpu",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--disable-breakpad", "--disable-dev-shm-usage", "--disable-domain-reliability",
    "--disable-client-side-phishing-detection", "--metrics-recording-only", "--no-pings", "--mute-audio",
    "--hide-scrollbars", "--password-store=basic", "--use-mock-keychain", "--lang=en-US",
    # Nothing but the proxy is ever dialled or looked up: not loopback, not by UDP.
    "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DnsOverHttps,AsyncDns",
    "--js-flags=--max-old-space-size=256",
)  # fmt: skip

_PREFERENCES = {"webrtc": {"ip_handling_policy": "disable_non_proxied_udp"}}
"""Says the same as the flag, whose name has changed once already: a page must not send a datagram to anybody."""

# Puts the two pipes where the browser looks for them, and bounds what it may write; then becomes the browser.
_LAUNCH = """
import fcntl, os, resource, sys
took, gave = (fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3])
os.dup2(took, 3)
os.dup2(gave, 4)
os.closerange(5, 256)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))
os.execv(sys.argv[3], sys.argv[3:])
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit showed. failure: why there is no page (`net::ERR_…`), and then nothing else.

    url: where it ended; status: of that page's own answer, 0 where it had none; complete: whether the page had
    loaded; dom: its markup after its scripts ran, "" when not asked for.
    """

    url: str
    failure: str = ""
    status: int = 0
    complete: bool = False
    picture: bytes = b""
    media_type: str = ""
    dom: str = ""


def find() -> str:
    """The path of a browser that can be used here; "" where there is none.

    Named in FALSEFRONT_BROWSER, else the first of NAMES on the PATH, else where macOS keeps them. Windows has no
    pipes of the kind that is needed.
    """
    if sys.platform == "win32":
        return ""
    named = os.environ.get(SETTING, "")
    if named:
        return shutil.which(named) or ""
    on_path = next((path for name in NAMES if (path := shutil.which(name))), "")
    return on_path or next((path for path in _APPLICATIONS if os.access(path, os.X_OK)), "")


@dataclass(frozen=True, slots=True)
class Window:
    """A browser that runs, for one address after the other: each in a context of its own, without the cookies and
    stores of those before it.

    opens: seconds until a page's first bytes; loads: seconds more until it has loaded; after that the picture is
    taken of what is there. any_certificate: for worlds, whose authority no browser knows.
    """

    _pipe: Pipe
    _proxy: BrowserProxy
    opens: float
    loads: float
    any_certificate: bool

    async def visit(self, url: str, *, dom: bool, picture: bool = True) -> Seen:
        """Opens one http(s) address; takes its picture, its markup after its scripts ran, or both. Raises
        BrowserError."""
        if not url.startswith(("http://", "https://")):
            raise BrowserError(f"not a web address: {url[:80]}")
        page = await _Page.open(self._pipe, self._proxy)
        try:
            return await self._seen(page, url, dom, picture)
        finally:
            page.close()

    async def _seen(self, page: _Page, url: str, dom: bool, picture: bool) -> Seen:
        if self.any_certificate:
            await page.send("Security.setIgnoreCertificateErrors", ignore=True)
        try:
            async with asyncio.timeout(self.opens):
                answer = await page.send("Page.navigate", url=url)
        except TimeoutError:
            return Seen(url, "net::ERR_TIMED_OUT")
        if answer.get("errorText"):
            return Seen(page.asked or url, str(answer["errorText"]))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.loads):
                await page.quiet.wait()
        page.send("Page.stopLoading")
        try:
            async with asyncio.timeout(DRAWS):
                return await page.seen(dom, picture)
        except TimeoutError:
            return Seen(url, "net::ERR_TIMED_OUT")  # its scripts never end


@asynccontextmanager
async def window(
    browser: str, proxy: BrowserProxy, *, opens: float, loads: float, any_certificate: bool
) -> AsyncIterator[Window]:
    """Starts a browser, and ends it with all it began. Raises BrowserError."""
    async with _running(browser, proxy) as pipe:
        yield Window(pipe, proxy, opens, loads, any_certificate)


# ------------------------------------------------------------------------------------------------ process


@asynccontextmanager
async def _running(browser: str, proxy: BrowserProxy) -> AsyncIterator[Pipe]:
    # The browser makes a socket in there, whose path may have 104 bytes and no more.
    place = "/tmp" if len(tempfile.gettempdir()) > 40 else None  # noqa: S108 - a folder of our own in it, mode 0700
    with tempfile.TemporaryDirectory(prefix="ff-", dir=place, ignore_cleanup_errors=True) as folder:
        await asyncio.to_thread(_prepare, Path(folder))
        flags = [*_FLAGS, f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}"]
        flags += [f"--proxy-server=http://127.0.0.1:{proxy.port}", f"--user-agent={USER_AGENT}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            flags.append("--no-sandbox")  # as root there is none to be had; for anybody else it stays
        places = {"HOME": folder, "TMPDIR": folder, "XDG_CONFIG_HOME": folder, "XDG_CACHE_HOME": folder}
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", **places}
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", "-c", _LAUNCH, str(theirs_in), str(theirs_out), browser, *flags,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            pass_fds=(theirs_in, theirs_out), env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        pipe = Pipe()
        watch = asyncio.create_task(_watch(process.pid))
        try:
            await pipe.open(ours_in, ours_out)
            yield pipe
        finally:
            watch.cancel()
            pipe.close()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.shield(process.wait())
            await _gone(process.pid)


def _prepare(folder: Path) -> None:
    """The profile, empty but for preferences."""
    (folder / "profile" / "Default").mkdir(parents=True)
    (folder / "profile" / "Default" / "Preferences").write_text(json.dumps(_PREFERENCES), "utf-8")


async def _watch(group: int) -> None:
    """Ends a browser that takes too much memory; an address-space limit is no use, browsers reserve terabytes."""
    while sys.platform == "linux":
        await asyncio.sleep(0.5)
        if await asyncio.to_thread(_resident, group) > MOST_MEMORY:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
            return


async def _gone(group: int) -> None:
    """Waits until the last process of a killed group has ended: one that is still ending may write into the profile
    that is being removed."""
    for _ in range(100):
        if not await asyncio.to_thread(lambda: any(state not in "ZX" for _, state in _processes(group))):
            return
        await asyncio.sleep(0.02)


def _resident(group: int) -> int:
    """Bytes of memory that the processes of a group hold each for itself, as far as the system tells."""
    total = 0
    for place, _ in _processes(group):
        with contextlib.suppress(OSError, ValueError):
            _, resident, shared, *_ = (place / "statm").read_text("ascii").split()
            total += (int(resident) - int(shared)) * os.sysconf("SC_PAGESIZE")
    return total


def _processes(group: int) -> Iterator[tuple[Path, str]]:
    """The processes of a group, each with the letter of its state; none where the system has no /proc."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = stat.read_text("utf-8", "replace").rpartition(") ")[2].split()
            if int(fields[2]) == group:
                yield stat.parent, fields[0]


# ----------------------------------------------------------------------------------------------- protocol


class _Page:
    """The one page of a visit. `quiet`: set once it has loaded and asks for nothing more."""

    def __init__(self, pipe: Pipe, proxy: BrowserProxy, context: str, target: str, session: str) -> None:
        self.quiet = asyncio.Event()
        self._pipe, self._proxy = pipe, proxy
        self._target, self._session = target, session
        self._context = context
        self._blank = ""  # the document a page begins with, whose end of loading says nothing
        self._loaded = False
        self.asked = ""  # the page's own address, after the redirects so far
        self._requests = 0
        self._status = 0
        pipe.hear = self._hear

    @classmethod
    async def open(cls, pipe: Pipe, proxy: BrowserProxy) -> _Page:
        # In a context of its own: what the browser itself calls home for never learns the proxy's credential.
        context = (await pipe.post("Target.createBrowserContext", {}))["browserContextId"]
        blank = {"url": "about:blank", "browserContextId": context}
        target = (await pipe.post("Target.createTarget", blank))["targetId"]
        answer = await pipe.post("Target.attachToTarget", {"targetId": target, "flatten": True})
        page = cls(pipe, proxy, str(context), str(target), str(answer["sessionId"]))
        await pipe.post("Browser.setDownloadBehavior", {"behavior": "deny"})
        await pipe.post("Target.setDiscoverTargets", {"discover": True})
        await page.send("Page.enable")
        await page.send("Network.enable", maxTotalBufferSize=0)
        page._blank = str((await page.send("Page.getFrameTree"))["frameTree"]["frame"]["loaderId"])
        await page.send("Page.setLifecycleEventsEnabled", enabled=True)
        await page.send("Fetch.enable", handleAuthRequests=True, patterns=[{"urlPattern": "*"}])
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        await page.send("Emulation.setDeviceMetricsOverride", **size)
        return page

    def send(self, method: str, **params: Any) -> asyncio.Future[dict[str, Any]]:
        return self._pipe.post(method, params, self._session)

    def close(self) -> None:
        """Its context goes with all it holds; nobody waits, as one whose scripts never end would not answer."""
        self._pipe.hear = lambda name, params: None
        self._pipe.post("Target.disposeBrowserContext", {"browserContextId": self._context})

    async def seen(self, dom: bool, picture: bool) -> Seen:
        frame = (await self.send("Page.getFrameTree"))["frameTree"]["frame"]
        url = str(frame["url"])
        if not url.startswith(("http://", "https://")):
            return Seen(url, "net::ERR_FAILED")  # a page of the browser's own
        shot, kind = await self._shot("png") if picture else b"", "image/png"
        if len(shot) > LARGEST_PICTURE:
            shot, kind = await self._shot("jpeg"), "image/jpeg"
        return Seen(url, "", self._status, self._loaded, shot, kind, await self._dom() if dom else "")

    async def _shot(self, form: str) -> bytes:
        more = {"quality": 75} if form == "jpeg" else {}
        answer = await self.send("Page.captureScreenshot", format=form, **more)
        return base64.b64decode(answer["data"])

    async def _dom(self) -> str:
        # By the number that stays: the other kind is forgotten whenever the page replaces its document.
        root = (await self.send("DOM.getDocument", depth=0))["root"]["backendNodeId"]
        return str((await self.send("DOM.getOuterHTML", backendNodeId=root))["outerHTML"])[:LARGEST_DOM]

    def _hear(self, name: str, params: dict[str, Any]) -> None:
        if name == "Fetch.requestPaused":
            self._requests += 1
            if params.get("resourceType") == "Document" and params.get("frameId") == self._target:
                self.asked = str(params["request"]["url"])
            web = str(params["request"]["url"]).startswith(("http://", "https://"))
            if web and self._requests <= REQUESTS:
                self.send("Fetch.continueRequest", requestId=params["requestId"])
            else:
                self.send("Fetch.failRequest", requestId=params["requestId"], errorReason="BlockedByClient")
        elif name == "Fetch.authRequired":
            self._log_in(params)
        elif name == "Page.lifecycleEvent" and params.get("frameId") == self._target:
            if params.get("loaderId") != self._blank:
                self._lifecycle(str(params["name"]))
        elif name == "Network.responseReceived":
            if params.get("type") == "Document" and params.get("frameId") == self._target:
                self._status = int(params["response"]["status"])
        elif name == "Page.javascriptDialogOpening":
            self.send("Page.handleJavaScriptDialog", accept=False)
        elif name == "Target.targetCreated":
            info = params["targetInfo"]
            if info.get("type") == "page" and info.get("targetId") != self._target:
                self._pipe.post("Target.closeTarget", {"targetId": info["targetId"]})

    def _lifecycle(self, name: str) -> None:
        if name == "init":
            self._loaded = False
            self.quiet.clear()
        elif name == "load":
            self._loaded = True
        elif name == "networkIdle" and self._loaded:
            self.quiet.set()

    def _log_in(self, params: dict[str, Any]) -> None:
        """To our own proxy; a site that asks for a password gets none."""
        if params["authChallenge"].get("source") == "Proxy":
            answer = {
                "response": "ProvideCredentials",
                "username": self._proxy.username,
                "password": self._proxy.password,
            }
        else:
            answer = {"response": "CancelAuth"}
        self.send("Fetch.continueWithAuth", requestId=params["requestId"], authChallengeResponse=answer)
