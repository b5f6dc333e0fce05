# ruff: noqa: E501 - sources of documents
"""The themes of RenderCV, a generator on PyPI: `rendercv render FILE`, which needs nothing from outside."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.resumes.classes.filler import Row, dates, heads, name

THEMES = ("classic", "engineeringclassic", "engineeringresumes", "moderncv", "sb2nov")


def _entry(person: Row, post: Row, **more: Any) -> dict[str, Any]:
    month = person["lang"] == "en" and "fs" not in post
    when = {"start_date": post["from"], "end_date": post["to"]} if month else {"date": dates(person, post)}
    return {**when, **more, **({"highlights": post["items"]} if post.get("items") else {})}


def source(theme: str, person: Row) -> str:
    """The input file, as JSON, which is YAML too."""
    profile, work, school, projects, skills, papers = heads(person)
    sections: dict[str, Any] = {
        profile: [person["summary"]],
        work: [
            _entry(person, post, company=f"[{post['org']}]({post['url']})" if post.get("url") else post["org"],
                   position=post["title"], location=post["place"]) for post in person["posts"]
        ],
        school: [_entry(person, post, institution=post["org"], area=post["title"], location=post["place"]) for post in person["school"]],
        skills: [{"label": key, "details": text} for key, text in person["skills"].items()],
    }  # fmt: skip
    if person["projects"]:
        sections[projects] = [
            _entry(person, post, name=f"[{post['org']}]({post['url']})") for post in person["projects"]
        ]
    if person.get("pubs"):
        sections[papers] = [{"bullet": text} for text in person["pubs"]]
    cv = {
        "name": name(person),
        "location": person["home"],
        "email": person["mail"],
        "website": person["links"][0],
        "sections": sections,
    }
    return json.dumps({"cv": cv, "design": {"theme": theme}}, ensure_ascii=False, indent=1)
