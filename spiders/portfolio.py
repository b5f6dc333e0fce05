"""`scrapy crawl portfolio -a url=https://…`: an address claimed as a person's own work."""

from __future__ import annotations

from scanner.model import Role
from spiders.site import SiteSpider


class PortfolioSpider(SiteSpider):
    """Prefers the pages that show a person's work and way: projects, résumé, about (`spiders.topics`)."""

    name = "portfolio"
    role = Role.PORTFOLIO
