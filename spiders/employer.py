"""`scrapy crawl employer -a url=https://…`: an address claimed as an employer's."""

from __future__ import annotations

from scanner.model import Role
from spiders.site import SiteSpider


class EmployerSpider(SiteSpider):
    """Prefers the pages that say who is behind a firm: team, about, imprint, contact (`spiders.topics`)."""

    name = "employer"
    role = Role.EMPLOYER
