"""The statements of the store, in one place to be read beside docs/TABLES.md."""

from __future__ import annotations

# ------------------------------------------------------------------------------------------ scans

ADD_CASE = """
insert into cases (id, label, created_at) values (?, ?, ?)
on conflict (id) do update set label = excluded.label where excluded.label <> ''"""

ADD_SCAN = """
insert into scans (uid, case_id, started_at, as_of, status, tool_version, knowledge_version, passive)
values (?, ?, ?, ?, ?, ?, ?, ?)"""

_SCAN = """
select id, uid, case_id, started_at, ended_at, as_of, status, tool_version, knowledge_version, passive
from scans """
SCAN = _SCAN + "where id = ?"
SCANS = _SCAN + "where case_id = coalesce(?, case_id) order by uid"
NEWEST_FIRST = _SCAN + "where case_id = ? order by uid desc"

ADD_TARGET = """
insert into targets (domain, first_seen, last_seen) values (?, ?, ?)
on conflict (domain) do update set last_seen = max(last_seen, excluded.last_seen),
first_seen = min(first_seen, excluded.first_seen)"""

ADD_SCAN_TARGET = """
insert or ignore into scan_targets (scan_id, target_id, why, from_target_id) values (?, ?, ?, ?)"""

SET_TARGET_DETAILS = """
insert into target_details (scan_id, target_id, position, platform, entries, claims)
values (:scan, :target, (select count(*) from target_details where scan_id = :scan),
:platform, :entries, :claims)
on conflict (scan_id, target_id) do update set entries = excluded.entries, claims = excluded.claims"""

LINK_CLAIM = """
update claims set target_id = ? where target_id is null
and id = (select claim_id from scan_claims where scan_id = ? and position = ?)"""

SAME_CLAIM = """
select id from claims where case_id = ? and role = ? and url = ? and organisation = ?
and starts is ? and ends is ? and place = ?"""

ADD_CLAIM = """
insert into claims (case_id, role, url, organisation, starts, ends, place) values (?, ?, ?, ?, ?, ?, ?)"""

ADD_SCAN_CLAIM = """
insert into scan_claims (scan_id, position, claim_id, stated) values (?, ?, ?, ?)"""

CLAIMS = """
select role, url, organisation, starts, ends, place, stated
from scan_claims join claims on claims.id = claim_id where scan_id = ? order by position"""

TARGETS = """
select targets.domain, why, origin.domain, platform, entries, claims
from scan_targets join targets on targets.id = scan_targets.target_id
join target_details on target_details.scan_id = scan_targets.scan_id
  and target_details.target_id = scan_targets.target_id
left join targets origin on origin.id = from_target_id
where scan_targets.scan_id = ? order by position"""

# Each planned pair with the status of its last attempt; null where none was made.
PLANNED = """
select targets.domain, planned.source, attempts.status
from planned join targets on targets.id = planned.target_id
left join attempts on attempts.id = (select max(id) from attempts last where last.scan_id = planned.scan_id
  and last.target_id = planned.target_id and last.source = planned.source)
where planned.scan_id = ? order by planned.rowid"""

# -------------------------------------------------------------------------------------- collected

ADD_ATTEMPT = """
insert into attempts (scan_id, target_id, source, status, reason, started_at, ms)
values (?, ?, ?, ?, ?, ?, 0)"""

# evidence_id: what decided the status, else the first that came.
END_ATTEMPT = """
update attempts set status = :status, reason = :reason, ms = :ms, evidence_id = coalesce(
(select id from evidence where id = :decided and attempt_id = :id),
(select min(id) from evidence where attempt_id = :id)) where id = :id"""

EARLIER_ATTEMPTS = """
select id from attempts where scan_id = ? and target_id = ? and source = ? and id < ?"""

# The last attempt at each source, in the order in which the sources were first tried.
LAST_ATTEMPTS = """
select targets.domain, source, status, reason, started_at, ms
from (select min(id) as first, max(id) as last from attempts where scan_id = ? group by target_id, source)
join attempts on attempts.id = last join targets on targets.id = attempts.target_id order by first"""

ADD_EVIDENCE = """
insert into evidence (scan_id, attempt_id, digest, uri, media_type, fetched_at, warc_file, warc_offset,
length) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"""

EVIDENCE_BY_DIGEST = """
select evidence.id from evidence join attempts on attempts.id = attempt_id
where evidence.scan_id = ? and digest = ?
order by attempts.target_id = ? desc, evidence.id desc limit 1"""

EVIDENCE_BY_ID = """
select uri, media_type, digest, warc_file, warc_offset, length from evidence where id = ?"""

EVIDENCE_END = """
select warc_offset + length from evidence where scan_id = ? order by id desc limit 1"""

# Of the last attempt per target and source that kept any.
STANDING_EVIDENCE = """
select evidence.id, targets.domain, attempts.source, uri, media_type, digest, warc_file, warc_offset, length
from evidence join attempts on attempts.id = attempt_id join targets on targets.id = attempts.target_id
join target_details on target_details.scan_id = evidence.scan_id
  and target_details.target_id = attempts.target_id
where attempt_id in (select max(attempt_id) from evidence held join attempts tried on tried.id = attempt_id
  where held.scan_id = :scan group by tried.target_id, tried.source)
and targets.domain = coalesce(:domain, targets.domain)
order by target_details.position, evidence.id"""

ADD_OBSERVATION = """
insert into observations (scan_id, target_id, kind, name, value, starts, ends, "precision", bound, source,
evidence_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

_OBSERVATIONS = """
select targets.domain, kind, name, value, starts, ends, bound, source, digest, observations.id, evidence.id
from observations join targets on targets.id = observations.target_id
left join evidence on evidence.id = observations.evidence_id where observations.scan_id = ? """
OBSERVATIONS = _OBSERVATIONS + "order by observations.id"
OBSERVATIONS_OF_TARGET = _OBSERVATIONS + "and observations.target_id = ? order by observations.id"

# The (kind, name) pairs come as a JSON list.
OBSERVATIONS_NAMED = """
select targets.domain, kind, name, value, starts, ends, bound, source, digest, observations.id, evidence.id
from observations join targets on targets.id = observations.target_id
left join evidence on evidence.id = observations.evidence_id where observations.scan_id = ?
and (kind, name) in (select json_extract(pair.value, '$[0]'), json_extract(pair.value, '$[1]')
  from json_each(?) pair)
order by observations.id"""

DROP_OBSERVATIONS = """
delete from observations where scan_id = ? and target_id = ? and source = ? and id <= ?"""

ADD_PAGE = """
insert into pages (scan_id, target_id, url, status, title, text_digest, words, first_seen, evidence_id)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)"""

ADD_PAGE_DETAILS = "insert into page_details (page_id, state, language) values (?, ?, ?)"

PAGE_TEXT = "select id, title, text from page_texts where text_digest = ?"
ADD_PAGE_TEXT = "insert into page_texts (text_digest, title, text) values (?, ?, ?)"
SET_PAGE_TEXT = "update page_texts set text = ? where id = ?"
UNUSED_TEXTS = """
select id, title, text from page_texts
where not exists (select 1 from pages where pages.text_digest = page_texts.text_digest)"""
DROP_TEXT = "delete from page_texts where id = ?"
INDEX_TEXT = "insert into page_texts_fts (rowid, title, text) values (?, ?, ?)"
UNINDEX_TEXT = "insert into page_texts_fts (page_texts_fts, rowid, title, text) values ('delete', ?, ?, ?)"
# Deleted words stay readable in the index until it is written anew.
TIDY_TEXTS = "insert into page_texts_fts (page_texts_fts) values ('optimize')"

PAGES = """
select url, pages.status, state, title, words, text_digest, language, digest, pages.id, source, first_seen
from pages left join page_details on page_id = pages.id left join evidence on evidence.id = pages.evidence_id
left join attempts on attempts.id = attempt_id
where pages.scan_id = ? and pages.target_id = ? order by pages.id"""

PAGE_FIRST_SEEN = "select min(first_seen) from pages where target_id = ? and url = ?"

DROP_PAGES = """
delete from pages where evidence_id in (select evidence.id from evidence join attempts
  on attempts.id = attempt_id where attempts.scan_id = ? and attempts.target_id = ? and source = ?
  and attempts.id < ?)"""

# ---------------------------------------------------------------------------------------- results

ADD_FINDING = """
insert into findings (id, scan_id, target_id, check_id, check_version, family, strength, score, statement,
claimed, observed, innocent, ask, next_step, evidence_ids, defeated_by)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

ADD_FINDING_DETAILS = "insert into finding_details (finding_id, defeats, level) values (?, ?, ?)"

ADD_SUPPORT = """
insert into support (finding_id, observation_id, evidence_id, side) values (?, ?, ?, 'observed')"""

ADD_VERDICT = """
insert into verdicts (id, scan_id, target_id, case_id, level, score, answered, planned, summary)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)"""

FINDINGS = """
select findings.*, coalesce(targets.domain, '') as domain
from findings left join targets on targets.id = target_id where scan_id = ? order by findings.id"""

FINDINGS_WITH_DETAILS = """
select findings.*, coalesce(targets.domain, '') as domain, defeats, level
from findings left join targets on targets.id = target_id
left join finding_details on finding_id = findings.id where scan_id = ? order by findings.id"""

SUPPORT = """
select finding_id, kind, name, value, starts, ends, bound, source, digest
from support join findings on findings.id = finding_id
join observations on observations.id = observation_id
left join evidence on evidence.id = observations.evidence_id
where findings.scan_id = ? order by support.rowid"""

VERDICTS = """
select verdicts.*, coalesce(targets.domain, '') as domain, coalesce(why, '') as why
from verdicts left join targets on targets.id = verdicts.target_id
left join scan_targets on scan_targets.scan_id = verdicts.scan_id
  and scan_targets.target_id = verdicts.target_id
where verdicts.scan_id = ? order by verdicts.id"""

FINDING_IDS = "select id from findings where scan_id = ? order by id"
VERDICT_IDS = "select id from verdicts where scan_id = ? order by id"
CLEAR_FINDINGS = "delete from findings where scan_id = ?"
CLEAR_VERDICTS = "delete from verdicts where scan_id = ?"

ADD_KNOWLEDGE = """
insert or replace into knowledge (kind, value, status, published, source)
values (?, ?, ?, nullif(?, ''), ?)"""

SET_SETTING = "insert or replace into settings (name, value) values (?, ?)"

# -------------------------------------------------------------------------------------- in common

CLEAR_SHAREABLE = "delete from shareable where scan_id = ?"
ADD_SHAREABLE = "insert or ignore into shareable (scan_id, target_id, kind, value) values (?, ?, ?, ?)"

COUNT_SHARING = """
select count(*) from (select distinct target_id from shareable where kind = ? and value = ? limit ?)"""

SHARING = """
select domain from targets
where id in (select distinct target_id from shareable where kind = ? and value = ? limit ?)"""

VALUES_BELOW = """
select distinct value, domain from shareable join targets on targets.id = target_id
where kind = ? and value >= ? and value < ? order by value, domain limit ?"""

LINKS = "select a, b, kind, value, rarity from links where scan_id = ? order by id"
ADD_LINK = "insert into links (scan_id, a, b, kind, value, rarity) values (?, ?, ?, ?, ?, ?)"
