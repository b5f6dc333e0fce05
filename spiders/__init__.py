"""The Scrapy project: how a site is walked."""
