"""Identifiers an owner was given by a service: analytics, tags, pixels, verification tokens, form endpoints.

Read from scripts, frames, meta elements and form targets only, never from visible text: a page that explains
analytics shows other people's ids.
"""

from __future__ import annotations

import re

from scanner.domains import host_of
from scanner.model import Observation
from scanner.observe.page.document import Document
from scanner.observe.page.domains import registrable
from scanner.observe.page.links import absolute, base_of
from scanner.observe.page.rows import placeholders, row

_MOST = 40

# (name of the observation, service, a substring that must be there first, pattern whose first group is the id).
# Patterns begin with letters and look back behind them: one that begins by looking back is tried everywhere.
_IN_SCRIPTS: tuple[tuple[str, str, str, re.Pattern[str]], ...] = tuple(
    (name, service, trigger, re.compile(pattern))
    for name, service, trigger, pattern in (
        ("analytics", "google-analytics", "UA-", r"(UA-(?<![\w-]UA-)\d{4,10}-\d{1,4})(?!\d)"),
        ("analytics", "google-analytics", "G-", r"(G-(?<=[\"'=/]G-)[A-Z0-9]{8,12})(?![\w-])"),
        ("tag", "google-tag-manager", "GTM-", r"(GTM-(?<![\w-]GTM-)[A-Z0-9]{4,10})(?![\w-])"),
        ("tag", "google-ads", "AW-", r"(AW-(?<![\w-]AW-)\d{8,12})(?!\d)"),
        ("tag", "google-adsense", "ca-pub-", r"(ca-pub-\d{16})(?!\d)"),
        ("pixel", "facebook", "fbq(", r"fbq\(\s*[\"']init[\"']\s*,\s*[\"']?(\d{8,20})"),
        (
            "pixel",
            "facebook",
            "facebook.com/tr",
            r"facebook\.com/tr\?(?:[^\"'\s]{0,80}&(?:amp;)?)?id=(\d{8,20})",
        ),
        ("pixel", "linkedin", "_linkedin", r"_linkedin_(?:data_)?partner_id\s*=\s*[\"'](\d{4,12})"),
        ("pixel", "tiktok", "ttq.load", r"ttq\.load\(\s*[\"']([A-Z0-9]{12,30})"),
        ("pixel", "twitter", "twq(", r"twq\(\s*[\"'](?:init|config)[\"']\s*,\s*[\"']([a-z0-9]{4,10})"),
        ("pixel", "vk", "VK-RTRG", r"(VK-RTRG-\d{3,10}-\w{3,8})"),
        ("analytics", "hotjar", "hjid", r"hjid[\"']?\s*:\s*(\d{4,10})"),
        ("analytics", "yandex-metrika", "ym(", r"\bym\(\s*(\d{5,10})\s*,\s*[\"']init"),
        ("analytics", "yandex-metrika", "mc.yandex.ru/watch", r"mc\.yandex\.ru/watch/(\d{5,10})"),
        ("analytics", "yandex-metrika", "yaCounter", r"\byaCounter(\d{5,10})"),
        ("analytics", "baidu", "hm.baidu.com", r"hm\.baidu\.com/hm\.js\?([0-9a-f]{32})"),
        (
            "analytics",
            "clarity",
            "clarity",
            r"clarity\.ms/tag/([a-z0-9]{8,12})|[\"']clarity[\"']\s*,\s*[\"']script[\"']\s*,\s*[\"']([a-z0-9]{8,12})",
        ),
        ("analytics", "cloudflare", "cloudflareinsights", r"token[\"'\s:&quot;]{1,12}([0-9a-f]{32})"),
        ("analytics", "statcounter", "sc_project", r"sc_project\s*=\s*(\d{4,12})"),
        ("analytics", "mixpanel", "mixpanel.init", r"mixpanel\.init\(\s*[\"']([0-9a-f]{32})"),
        ("analytics", "segment", "analytics.load", r"analytics\.load\(\s*[\"'](\w{20,40})[\"']"),
        ("analytics", "plausible", "plausible", r"data-domain=[\"']([\w.-]{4,80})[\"']"),
        ("tag", "hubspot", "hs-scripts", r"js(?:-\w{2,4})?\.hs-scripts\.com/(\d{4,12})\.js"),
        ("tag", "hubspot", "hbspt", r"portalId[\"']?\s*:\s*[\"']?(\d{4,12})"),
        (
            "tag",
            "intercom",
            "intercom",
            r"(?:app_id[\"']?\s*:\s*|widget\.intercom\.io/widget/)[\"']?([a-z0-9]{8})(?![\w])",
        ),
        ("tag", "tawk", "embed.tawk.to", r"embed\.tawk\.to/([0-9a-f]{24})"),
        ("tag", "crisp", "CRISP_WEBSITE_ID", r"CRISP_WEBSITE_ID\s*=\s*[\"']([0-9a-f-]{36})"),
        ("tag", "drift", "drift.load", r"drift\.load\(\s*[\"'](\w{8,20})"),
        ("tag", "jivo", "jivosite", r"jivosite\.com/(?:script/widget/|widget/)(\w{8,12})"),
        ("tag", "zendesk", "zdassets", r"zdassets\.com/ekr/snippet\.js\?key=([\w-]{20,60})"),
        ("tag", "recaptcha", "recaptcha", r"(?:render=|sitekey[\"']?\s*[:=]\s*[\"'])(6L[\w-]{38})"),
    )
)
_MATOMO_ID = re.compile(r"setSiteId[\"']\s*,\s*[\"']?(\d{1,6})")
_MATOMO_HOST = re.compile(
    r"(?:\bu\s*=\s*[\"'](?:\(.{0,60}?\)\s*\+\s*[\"'])?|setTrackerUrl[\"']\s*,\s*[\"'])((?:https?:)?//[^\"']{4,200})"
)
_VERIFICATION = {
    "google-site-verification": "google",
    "msvalidate.01": "bing",
    "yandex-verification": "yandex",
    "facebook-domain-verification": "facebook",
    "p:domain_verify": "pinterest",
    "baidu-site-verification": "baidu",
    "naver-site-verification": "naver",
    "norton-safeweb-site-verification": "norton",
    "wot-verification": "wot",
    "ahrefs-site-verification": "ahrefs",
    "fb:app_id": "facebook-app",
    "fb:pages": "facebook-page",
}
_TOKEN = re.compile(r"[\w=+/.:-]{6,120}\Z")
_FORMS = (
    ("formspree", re.compile(r"https?://formspree\.io/(?:f/)?([\w@.+-]{4,80})")),
    ("getform", re.compile(r"https?://(?:www\.)?getform\.io/f/([\w-]{6,60})")),
    ("formsubmit", re.compile(r"https?://formsubmit\.co/(?:ajax/)?([\w@.+-]{4,80})")),
    ("formcarry", re.compile(r"https?://formcarry\.com/s/([\w-]{4,40})")),
    ("basin", re.compile(r"https?://usebasin\.com/f/([\w-]{4,40})")),
    ("formbold", re.compile(r"https?://formbold\.com/s/([\w-]{3,40})")),
    ("google-forms", re.compile(r"https?://docs\.google\.com/forms/(?:u/\d/)?d/e/([\w-]{20,90})")),
    ("mailchimp", re.compile(r"https?://([\w-]+\.us\d{1,2}\.list-manage\.com/subscribe/post[^\s\"']*)")),
    (
        "hubspot",
        re.compile(
            r"https?://(?:forms|share)\.hsforms\.(?:com|net)/(?:uploads/form/v2/|submit/)?([\w/-]{6,90})"
        ),
    ),
    (
        "jotform",
        re.compile(r"https?://(?:www\.|submit\.|form\.)?jotform\.com/(?:submit/|form/|jsform/)?(\d{10,20})"),
    ),
    ("typeform", re.compile(r"https?://([\w-]+\.typeform\.com/to/\w+)")),
    ("zoho", re.compile(r"https?://forms\.zoho(?:public)?\.(?:com|eu|in)/([\w/-]{4,90})")),
)
_ANY_FORM = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _FORMS))
_EMAILJS = re.compile(r"emailjs\.init\(\s*(?:\{\s*publicKey\s*:\s*)?[\"']([\w-]{8,40})")
_WEB3FORMS = re.compile(r"web3forms\.com")


def identifiers(page: Document, domain: str) -> list[Observation]:
    """Identifier observations of one page, each once, `SERVICE ID` as value."""
    found: dict[tuple[str, str], None] = {}
    scripts = page.scripts
    for name, service, trigger, pattern in _IN_SCRIPTS:
        if trigger in scripts:
            for match in pattern.finditer(scripts):
                value = next((group for group in match.groups() if group), "")
                if len(found) < _MOST and not _is_placeholder(value):
                    found[name, f"{service} {value}"] = None
    _matomo(found, scripts)
    for key, service in _VERIFICATION.items():
        token = page.metas.get(key, "")
        if token and _TOKEN.match(token) and not _is_placeholder(token):
            found["verification", f"{service} {token}"] = None
    for service, value in _endpoints(page, domain):
        if not _is_placeholder(value) and not _is_placeholder_mail(value):
            found["form_endpoint", f"{service} {value}"] = None
    return [row(page, "identifier", name, value) for name, value in found]


def _is_placeholder(value: str) -> bool:
    low = value.lower()
    bare = low.rpartition("-")[2] if low.startswith(("g-", "gtm-", "aw-")) else low
    return (
        not value
        or low in placeholders("identifiers")
        or "xxxx" in low
        or low.startswith(("your", "my-", "{{", "%", "example"))
        or len(set(bare)) <= 1
    )


def _is_placeholder_mail(value: str) -> bool:
    return value in placeholders("mails") or value.rpartition("@")[2] in placeholders("mail_domains")


def _matomo(found: dict[tuple[str, str], None], scripts: str) -> None:
    """Site numbers are small, so only number and host together mean anything."""
    if "setSiteId" not in scripts:
        return
    site, server = _MATOMO_ID.search(scripts), _MATOMO_HOST.search(scripts)
    if site and server:
        url = server.group(1)
        host = host_of("https:" + url if url.startswith("//") else url)
        if host:
            found["analytics", f"matomo {site.group(1)}@{host}"] = None


def _endpoints(page: Document, domain: str) -> list[tuple[str, str]]:
    """Where forms are sent, when that is neither the site itself nor a search box."""
    found: list[tuple[str, str]] = []
    base = base_of(page)
    for form in page.forms:
        if not form.action:
            pass
        elif form.action[:7].lower() == "mailto:":
            found.append(("mailto", form.action[7:].partition("?")[0].lower()[:120]))
        elif (url := absolute(base, form.action)) and registrable(host_of(url)) not in ("", domain):
            service, value = _endpoint(url)
            if (
                service != "url"
                or form.textarea
                or ":email" in (names := " ".join(form.fields))
                or "mail" in names
            ):
                found.append((service, value))  # a box to search in is no endpoint
        for name, value in form.hidden:
            if name == "access_key" and len(value) == 36:
                found.append(("web3forms", value))
    for source in page.sources:
        if not _ANY_FORM.match(source):
            continue
        found += [
            (service, match.group(1)) for service, pattern in _FORMS if (match := pattern.match(source))
        ]
    emailjs = _EMAILJS.search(page.scripts) if "emailjs.init" in page.scripts else None
    if emailjs:
        found.append(("emailjs", emailjs.group(1)))
    return [entry for entry in dict.fromkeys(found) if entry[0] not in ("", "web3forms-host")][:20]


def _endpoint(url: str) -> tuple[str, str]:
    for service, pattern in _FORMS:
        match = pattern.match(url)
        if match:
            return service, match.group(1).replace("&amp;", "&")
    if _WEB3FORMS.search(url):
        return "web3forms-host", url
    if host_of(url) in ("www.google.com", "google.com", "duckduckgo.com", "www.bing.com", "www.paypal.com"):
        return "", ""  # a search box or a button
    return "url", url[:200]
