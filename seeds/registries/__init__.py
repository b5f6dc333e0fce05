"""Where registries answer: RDAP services and WHOIS servers by suffix."""
