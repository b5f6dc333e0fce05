"""Questions a team asks again and again, as Datasette's canned queries: each has a page, JSON and CSV.

Dates are meant as of the newest scan in the database, so that a copy from last year still answers.
"""

from __future__ import annotations

from typing import TypedDict


class Query(TypedDict):
    title: str
    description: str
    sql: str
    hide_sql: bool


_NEWEST = "(select max(started_at) from scans)"
_LIST = "(select group_concat(value, ', ') from json_each(whats_new.{column}))"


def _query(title: str, description: str, sql: str) -> Query:
    return {"title": title, "description": description, "sql": sql.strip(), "hide_sql": True}


QUERIES: dict[str, Query] = {
    "contradicted_this_month": _query(
        "Contradicted or known this month",
        "Cases whose newest scan began in the month of the newest scan of all, and what carried the level.",
        f"""
select v."case", v.label, v.domain, v.level, v.score, v.summary, v.as_of, v.scan
from latest_verdicts v
where v.level in ('known', 'contradicted') and v.domain <> '(whole case)'
and substr(v.as_of, 1, 7) = substr({_NEWEST}, 1, 7)
order by v.level = 'known' desc, v.score desc, v."case" """,  # noqa: S608 - of constants
    ),
    "same_identifier_on_several_domains": _query(
        "Same analytics id on several domains",
        "Analytics, tag, pixel and verification accounts that stand on more than one registrable domain, rarest first. "
        "Domains of different cases stand side by side here: for analysts.",
        """
select shareable.kind, shareable.value, count(distinct shareable.target_id) as domains,
  group_concat(distinct targets.domain) as on_domains
from shareable join targets on targets.id = shareable.target_id
where shareable.kind in ('analytics', 'tag', 'pixel', 'verification')
group by shareable.kind, shareable.value having count(distinct shareable.target_id) > 1
order by domains, shareable.kind, shareable.value""",
    ),
    "same_contact_on_several_domains": _query(
        "Same mailbox or number on several domains",
        "Mailboxes, telephone numbers, messenger and payment accounts on more than one registrable domain, rarest "
        "first. For analysts, as above.",
        """
select shareable.kind, shareable.value, count(distinct shareable.target_id) as domains,
  group_concat(distinct targets.domain) as on_domains
from shareable join targets on targets.id = shareable.target_id
where shareable.kind in ('mail', 'phone', 'messenger', 'payment')
group by shareable.kind, shareable.value having count(distinct shareable.target_id) > 1
order by domains, shareable.kind, shareable.value""",
    ),
    "links_between_cases": _query(
        "Links between cases",
        "Domains of different cases that have something rare in common (rarity 0.3 and more). For analysts: nothing "
        "of it stands on a candidate's page or report.",
        """
select rare.a, rare.b, rare.kind, rare.value, max(rare.rarity) as rarity,
  group_concat(distinct ca.case_id) as cases_of_a, group_concat(distinct cb.case_id) as cases_of_b
from (select a, b, kind, value, rarity from links where rarity >= 0.3 order by rarity desc limit 3000) rare
join targets ta on ta.domain = rare.a join claims ca on ca.target_id = ta.id
join targets tb on tb.domain = rare.b join claims cb on cb.target_id = tb.id and cb.case_id <> ca.case_id
group by rare.a, rare.b, rare.kind, rare.value order by max(rare.rarity) desc, rare.a, rare.b limit 500""",
    ),
    "links_of_an_address": _query(
        "All that an address shares",
        "Every link of one address (give its registrable domain), the rarest first. For analysts, as above.",
        """
select case when a = :domain then b else a end as domain, kind, value, max(rarity) as rarity,
  count(distinct scan_id) as scans
from links where a = :domain or b = :domain group by 1, 2, 3 order by max(rarity) desc, 1, 2, 3""",
    ),
    "throttled_sources": _query(
        "Throttled sources",
        "Which sources did not answer, how often and how, in the month up to the newest scan. "
        "Silence counts for nothing.",
        f"""
select attempts.source, attempts.status, count(*) as attempts, count(distinct attempts.target_id) as domains,
  max(attempts.started_at) as last_time, min(attempts.reason) as for_example
from attempts
where attempts.status in ('throttled', 'refused', 'timeout', 'unreachable', 'unparsed', 'error', 'blocked')
and attempts.started_at >= date({_NEWEST}, '-1 month')
group by attempts.source, attempts.status order by count(*) desc""",  # noqa: S608 - of constants
    ),
    "too_little_seen": _query(
        "Too little seen: scan again",
        "Addresses of newest scans where fewer than all planned attempts answered, the emptiest first.",
        """
select v."case", v.domain, v.level, v.answered, v.planned, v.scan_status, v.as_of
from latest_verdicts v where v.answered < v.planned and v.domain <> '(whole case)'
order by 1.0 * v.answered / v.planned, v.as_of desc""",
    ),
    "registered_within_a_year": _query(
        "Registered within a year of the scan",
        "Claimed addresses whose registration was less than a year old. Young firms are honest as a rule: compare with "
        "the claimed period.",
        """
select latest_scans.case_id as "case", targets.domain, min(observations.starts) as registered,
  latest_scans.as_of, claims.starts as claimed_from
from latest_scans join observations on observations.scan_id = latest_scans.id
  and observations.kind = 'registration' and observations.name = 'created'
join targets on targets.id = observations.target_id
join claims on claims.case_id = latest_scans.case_id and claims.target_id = targets.id
where observations.starts >= date(latest_scans.as_of, '-1 year')
group by latest_scans.case_id, targets.domain order by registered desc""",
    ),
    "changed_level": _query(
        "Level changed since the scan before",
        "Cases whose newest verdict differs from the one before, newest first.",
        """
select scans.case_id as "case", before_level, level, started_at, uid as scan from (
  select scans.case_id, scans.started_at, scans.uid, verdicts.level,
    lag(verdicts.level) over (partition by scans.case_id order by scans.uid) as before_level
  from scans join verdicts on verdicts.scan_id = scans.id and verdicts.target_id is null) scans
where before_level <> level order by started_at desc limit 500""",
    ),
    "what_is_new": _query(
        "What is new",
        "What changed at watched cases in the seven days up to the newest scan, newest first: both values, when each "
        "was seen, and who says so. The view whats_new has all that ever changed.",
        f"""
select "case", domain, kind, {_LIST.format(column="before")} as before, {_LIST.format(column="after")} as now,
  before_at as last_seen_before, after_at as first_seen_now, confirmed_at as confirmed,
  {_LIST.format(column="sources")} as says, returned
from whats_new where confirmed_at >= strftime('%Y-%m-%dT%H:%M:%SZ', {_NEWEST}, '-7 days') limit 1000""",  # noqa: S608
    ),
    "sweep_results": _query(
        "What a sweep found",
        "Names of swept lists (all, or the one whose id is given) with something to look into, and what was not looked "
        "at. Only a scan of its pages gives a name a level.",
        """
select sweeps.file, sweep_domains.domain, sweep_domains.line, sweep_domains.level,
  (select group_concat(value ->> 'text', '; ') from json_each(sweep_domains.facts)) as seen,
  sweep_domains.registered,
  case sweep_domains.next when 2 then 'name servers' when 4 then 'registry' when 8 then 'pages' else '' end
    as not_looked_at_yet,
  sweep_domains.reason, sweep_domains.case_id as "case"
from sweeps join sweep_domains on sweep_domains.sweep_id = sweeps.id
where (:sweep = '' or sweeps.id = :sweep) and (sweep_domains.rank > 0 or sweep_domains.next > 0)
order by sweeps.begun_at desc, case sweep_domains.level when 'known' then 0 when 'contradicted' then 1
  when 'review' then 2 when 'not-enough' then 3 else 4 end, sweep_domains.rank desc, sweep_domains.line limit 5000""",
    ),
    "age_of_answers": _query(
        "Age of the answers",
        "When the answers of the newest scans first came, oldest first; reused is 1 where a scan took one over "
        "from an earlier scan.",
        """
select latest_scans.case_id as "case", targets.domain, attempts.source, min(evidence.fetched_at) as first_came,
  attempts.reason like 'reused %' as reused, latest_scans.as_of
from latest_scans join attempts on attempts.scan_id = latest_scans.id
join targets on targets.id = attempts.target_id join evidence on evidence.attempt_id = attempts.id
group by attempts.id order by first_came, "case", targets.domain, attempts.source limit 1000""",
    ),
    "checks_that_fired": _query(
        "How often each check fired",
        "Findings of newest scans by check, with how many of them other findings defeated.",
        """
select findings.check_id, findings.strength, count(*) as findings, count(distinct latest_scans.case_id) as cases,
  sum(findings.defeated_by <> '') as defeated
from findings join latest_scans on latest_scans.id = findings.scan_id
group by findings.check_id, findings.strength order by findings desc""",
    ),
    "no_content": _query(
        "Addresses that show no content",
        "Pages of newest scans that are parked, for sale, a bot check and the like: content is unavailable there.",
        """
select latest_scans.case_id as "case", targets.domain, page_details.state, pages.url, pages.status, pages.title
from latest_scans join pages on pages.scan_id = latest_scans.id join page_details on page_details.page_id = pages.id
join targets on targets.id = pages.target_id
where page_details.state not in ('content', 'template') order by page_details.state, targets.domain limit 1000""",
    ),
}
