"""The statements behind our pages. Each is bounded by a limit or by one case or target, whatever the database holds."""

from __future__ import annotations

LEVELS = ("known", "contradicted", "review", "not-enough", "nothing-found")
SILENT = ("throttled", "refused", "blocked", "timeout", "unreachable", "unparsed", "error")
RECENT_SCANS = 300
"""Newest scans over which silent sources are counted on the front page."""

_ORDER = " ".join(f"when '{level}' then {number}" for number, level in enumerate(LEVELS))
_SILENT = ", ".join(f"'{status}'" for status in SILENT)

_NEWEST = """
from (select case_id, max(uid) as uid from scans group by case_id) newest join scans on scans.uid = newest.uid
left join verdicts on verdicts.scan_id = scans.id and verdicts.target_id is null """

COUNTS = f"""
select coalesce(verdicts.level, 'unjudged') as level, count(*) as cases {_NEWEST}
group by verdicts.level"""

CASES = f"""
select scans.case_id, cases.label, verdicts.level, verdicts.answered, verdicts.planned, verdicts.summary,
  scans.id as scan_id, scans.status, scans.started_at {_NEWEST}
join cases on cases.id = scans.case_id
where coalesce(verdicts.level, 'unjudged') in (select value from json_each(:levels))
order by case verdicts.level {_ORDER} else 5 end, verdicts.score desc, scans.started_at desc, scans.case_id
limit :size offset :skip"""  # noqa: S608 - of constants

# Of some scans (a JSON list of ids).
TARGETS_OF = """
select scan_targets.scan_id, targets.domain, verdicts.level
from scan_targets join targets on targets.id = scan_targets.target_id
join verdicts on verdicts.scan_id = scan_targets.scan_id and verdicts.target_id = scan_targets.target_id
where scan_targets.scan_id in (select value from json_each(:scans)) order by scan_targets.scan_id, verdicts.id"""

TELLING = """
select scan_id, statement, id from (select findings.*, row_number() over (partition by scan_id order by
  case strength when 'decisive' then 0 when 'strong' then 1 when 'medium' then 2 else 3 end, score desc, id) as rank
  from findings where scan_id in (select value from json_each(:scans)) and defeated_by = '' and strength <> 'context')
where rank = 1"""

SILENT_OF = f"""
select attempts.scan_id, targets.domain, attempts.source, attempts.status
from attempts join targets on targets.id = attempts.target_id
where attempts.scan_id in (select value from json_each(:scans)) and attempts.status in ({_SILENT})
and attempts.id = (select max(later.id) from attempts later where later.scan_id = attempts.scan_id
  and later.target_id = attempts.target_id and later.source = attempts.source)
order by attempts.scan_id, targets.domain, attempts.source"""  # noqa: S608 - of constants

SILENT_SOURCES = f"""
select source, status, count(*) as attempts, count(distinct target_id) as domains, max(started_at) as last_time
from attempts where scan_id in (select id from scans order by id desc limit {RECENT_SCANS})
and status in ({_SILENT}) group by source, status order by count(*) desc, source limit 20"""  # noqa: S608 - of constants

# The level of the scan before, where it was another.
BEFORE_OF = """
select scans.id as scan_id, verdicts.level from json_each(:scans) one join scans on scans.id = one.value
join scans earlier on earlier.uid = (select max(uid) from scans before
  where before.case_id = scans.case_id and before.uid < scans.uid and before.status in ('complete', 'partial'))
join verdicts on verdicts.scan_id = earlier.id and verdicts.target_id is null
join verdicts now on now.scan_id = scans.id and now.target_id is null where now.level <> verdicts.level"""

NEWEST_SCAN = "select max(started_at) as newest from scans"
_CHANGES = """
select case_id, domain, kind, fact, before, after, before_at, after_at, confirmed_at, sources, returned from changes """
CHANGES_SINCE = f"{_CHANGES} where confirmed_at >= :since order by confirmed_at desc, id desc limit 400"
CHANGES_OF = f"{_CHANGES} where case_id = :case order by confirmed_at desc, id desc limit 40"
WATCHES = """
select case_id, every, due_at, last_at, paused_at, failures, problem from watches
where case_id = :case or (:case = '' and paused_at is null and (failures > 0 or due_at < :late))
order by failures desc, due_at limit 200"""
GIVEN_UP = "select count(*) from messages where dead_at is not null and sent_at is null"

UNFINISHED = f"""
select scans.case_id, scans.status, scans.started_at {_NEWEST}
where scans.status in ('running', 'interrupted') order by scans.uid desc limit 30"""

PARTIAL = f"select count(*) {_NEWEST} where scans.status = 'partial'"

CASE_SCANS = """
select scans.uid, scans.started_at, scans.status, scans.passive, verdicts.level, verdicts.answered, verdicts.planned
from scans left join verdicts on verdicts.scan_id = scans.id and verdicts.target_id is null
where scans.case_id = ? order by scans.uid desc limit 50"""

TARGET = "select id, domain, first_seen, last_seen from targets where domain = ?"
HAS_TARGET = "select id from targets where domain = ?"

TARGET_SCANS = """
select scans.id, scans.uid, scans.case_id, scans.started_at, scans.status, scan_targets.why, verdicts.level,
  verdicts.answered, verdicts.planned
from scan_targets join scans on scans.id = scan_targets.scan_id
left join verdicts on verdicts.scan_id = scans.id and verdicts.target_id = scan_targets.target_id
where scan_targets.target_id = ? order by scans.uid desc limit 50"""

TARGET_ATTEMPTS = """
select source, status, reason, started_at, ms, evidence_id, reason like 'reused %' as reused,
  (select min(fetched_at) from evidence where evidence.attempt_id = attempts.id) as first_came
from attempts where scan_id = :scan and target_id = :target and id in
  (select max(id) from attempts where scan_id = :scan and target_id = :target group by source) order by id"""

# Answers that a scan took over from an earlier one, each with the day on which it first came.
REUSED = """
select targets.domain, attempts.source, min(evidence.fetched_at) as first_came, attempts.started_at
from attempts join targets on targets.id = attempts.target_id join evidence on evidence.attempt_id = attempts.id
where attempts.scan_id = ? and attempts.reason like 'reused %' group by attempts.id order by attempts.id limit 500"""

TARGET_FINDINGS = """
select id, check_id, strength, statement, defeated_by from findings where scan_id = :scan and target_id = :target
order by defeated_by <> '', case strength when 'decisive' then 0 when 'strong' then 1 when 'medium' then 2
  when 'weak' then 3 else 4 end, score desc, check_id, id limit 200"""

OBSERVATIONS = """
select id, source, kind, name, value, starts, ends, bound, evidence_id from observations
where scan_id = :scan and target_id = :target order by source, kind, name, id limit :size"""

TARGET_PAGES = """
select pages.id, pages.url, pages.status, page_details.state, pages.title, pages.words, pages.first_seen,
  pages.evidence_id
from pages left join page_details on page_details.page_id = pages.id
where pages.scan_id = :scan and pages.target_id = :target order by pages.id limit 100"""

FINDING = """
select findings.*, targets.domain, scans.uid, scans.case_id, scans.started_at
from findings join scans on scans.id = findings.scan_id left join targets on targets.id = findings.target_id
where findings.id = ?"""

SUPPORT = """
select distinct observations.id, observations.kind, observations.name, observations.value, observations.starts,
  observations.bound, observations.source, support.side, coalesce(support.evidence_id, observations.evidence_id)
  as evidence_id, targets.domain
from support left join observations on observations.id = support.observation_id
left join targets on targets.id = observations.target_id
where support.finding_id = ? order by support.rowid limit 60"""

EVIDENCE = """
select evidence.id, evidence.uri, evidence.media_type, evidence.digest, evidence.fetched_at, evidence.warc_file,
  evidence.warc_offset, evidence.length, attempts.source, targets.domain, scans.case_id, scans.uid
from evidence join scans on scans.id = evidence.scan_id left join attempts on attempts.id = evidence.attempt_id
left join targets on targets.id = attempts.target_id where evidence.id = ?"""

# The rarest first; the same link found by many scans is one.
_LINKS = (
    "select a, b, kind, value, coalesce(max(rarity), 0.0) as rarity, count(distinct scan_id) as scans "
    "from links where "
)
LINKS = (
    _LINKS
    + "a = :domain or b = :domain group by a, b, kind, value order by rarity desc, a, b, kind, value limit :size"
)
_AROUND = "(select value from json_each(:domains))"
LINKS_OF = f"""{_LINKS} a in {_AROUND} or b in {_AROUND}
group by a, b, kind, value order by rarity desc, a, b, kind, value limit :size"""
# Shared text: written down for a scan rather than for a pair. As rare as the number of sites that have it.
_TEXTS = """
select min(ours, theirs) as a, max(ours, theirs) as b, 'text' as kind, max(words) || ' words' as value,
  2.0 / max(2, min(cast(sites as integer))) as rarity, count(distinct scan_id) as scans
from (select targets.domain as ours, json_extract(value, '$.domain') as theirs, json_extract(value, '$.words') as words,
    coalesce(json_extract(value, '$.sites'), 2) as sites, scan_id
  from observations join targets on targets.id = observations.target_id where kind = 'copy' and name = 'match'
    and json_valid(value))
"""
TEXTS_OF = f"""{_TEXTS} where theirs <> '' and (ours in {_AROUND} or theirs in {_AROUND})
group by 1, 2 order by rarity desc, a, b limit :size"""
KNOWN_TARGETS = """
select domain from targets where domain in (select value from json_each(:domains))"""
LISTED = """
select distinct value from knowledge where value in (select value from json_each(:domains))"""

SEARCH = """
select targets.domain, pages.url, page_texts.title, found.piece, max(pages.id) as page_id, pages.evidence_id
from (select rowid, snippet(page_texts_fts, 1, char(2), char(3), ' … ', 30) as piece, rank
  from page_texts_fts where page_texts_fts match :query order by rank limit 60) found
join page_texts on page_texts.id = found.rowid join pages on pages.text_digest = page_texts.text_digest
join targets on targets.id = pages.target_id
group by targets.domain, page_texts.id order by found.rank, targets.domain limit 60"""
SEARCH_TARGETS = """
select domain from targets where instr(domain, :part)
order by domain = :part desc, instr(domain, :part) = 1 desc, domain limit 20"""
SEARCH_CASES = """
select id, label, (select group_concat(distinct organisation) from claims
  where claims.case_id = cases.id and organisation like :words escape '\\') as organisations
from cases where id = :query or label like :words escape '\\' or organisations is not null
order by id = :query desc, id limit 20"""

# Counted over an index each: one pass over the rows of a list of 100,000 takes five times as long.
SWEEPS = """
select id, file, begun_at, read_at, ended_at,
  (select count(*) from sweep_domains where sweep_id = sweeps.id) as names,
  (select count(*) from sweep_domains where sweep_id = sweeps.id and rank > 0) as telling,
  (select count(*) from sweep_domains where sweep_id = sweeps.id and next > 0) as waiting
from sweeps order by begun_at desc limit :size"""
SWEEP = "select * from sweeps where id = ?"
# How many names have come how far, and why they went no further: the first word of a reason is fixed. Grouped by one
# number made of five columns, which takes half as long.
SWEEP_GROUPS = """
select asked, done, next, case_id is not null as scanned, rank > 0 as telling,
  case when instr(reason, ' ') then substr(reason, 1, instr(reason, ' ') - 1) else reason end as reason,
  count(*) as names
from sweep_domains where sweep_id = ?
group by (asked << 20) | (done << 12) | (next << 4) | ((case_id is not null) << 1) | (rank > 0), 6"""
SWEEP_NAMES = """
select domain, line, facts, done, next, reason, registered, case_id, level from sweep_domains
where sweep_id = :sweep and (:which <> 'telling' or rank > 0) and (:which <> 'waiting' or next > 0)
order by case level when 'known' then 4 when 'contradicted' then 3 when 'review' then 2 when 'not-enough' then 1
  else 0 end desc, rank desc, line limit :size offset :skip"""
SWEPT = """
select sweeps.id, sweeps.file, sweeps.begun_at, line, facts, done, next, reason, case_id, level
from sweeps join sweep_domains on sweep_domains.sweep_id = sweeps.id and sweep_domains.domain = ?
order by sweeps.begun_at desc limit 10"""
