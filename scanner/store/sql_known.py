"""Statements on feeds, own entries and overrules. Tables: `feeds`, `feed_entries`, `overrules`."""
# ruff: noqa: S608  what is put into a statement here is a constant of this file

_COLUMNS = "kind, value, status, category, published, until, counts, note, reference"
_SAME = "old.kind = new.kind and old.value = new.value"

FEEDS = "select name, format, updated_at, entries from feeds order by name"
FEED_ID = "select id from feeds where name = ?"
SET_FEED = """
insert into feeds (name, format, updated_at, entries, digest) values (?, ?, ?, 0, '')
on conflict (name) do update set format = excluded.format, updated_at = excluded.updated_at"""
REMOVE_FEED = "delete from feeds where name = ?"
ENTRIES_OF = "select count(*) from feed_entries where feed_id = ?"
SETTLE_FEED = "update feeds set entries = ?, digest = ? where id = ?"
CONTENT = f"select {_COLUMNS} from feed_entries where feed_id = ? order by kind, value"
ADD_ENTRY = f"insert or replace into feed_entries (feed_id, {_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
REMOVE_ENTRY = "delete from feed_entries where feed_id = ? and kind = ? and value = ?"
OWN_ENTRIES = f"""
select feeds.name, {_COLUMNS} from feed_entries join feeds on feeds.id = feed_id
where feeds.name = ? order by value, kind limit ?"""

NEW_ENTRIES = (
    f"create temp table if not exists new_entries ({_COLUMNS}, primary key (kind, value)) without rowid"
)
EMPTY_NEW = "delete from temp.new_entries"
ADD_NEW = f"insert into temp.new_entries ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
MERGE_NEW = f"""{ADD_NEW}
on conflict (kind, value) do update set
  published = case when published = '' or (excluded.published <> '' and excluded.published < published)
    then excluded.published else published end,
  until = case when until = '' or excluded.until = '' then '' else max(until, excluded.until) end,
  counts = max(counts, excluded.counts)"""
NEW_OF = f"select {_COLUMNS} from temp.new_entries where kind = ? and value = ?"
NEW_CONTENT = f"select {_COLUMNS} from temp.new_entries order by kind, value"
_EQUAL = f"""{_SAME} and (old.status, old.category, old.published, old.until, old.counts, old.note, old.reference)
  is (new.status, new.category, new.published, new.until, new.counts, new.note, new.reference)"""
DROP_OLD = """
delete from feed_entries where feed_id = ? and not exists
  (select 1 from temp.new_entries new where new.kind = feed_entries.kind and new.value = feed_entries.value)"""
TAKE_NEW = f"""
insert or replace into feed_entries (feed_id, {_COLUMNS}) select ?, {_COLUMNS} from temp.new_entries new
where not exists (select 1 from feed_entries old where old.feed_id = ? and {_EQUAL}) order by value, kind"""

COUNT = "select count(*) from ({})"
ADDED = f"""
select new.kind, new.value from temp.new_entries new where not exists
  (select 1 from feed_entries old where old.feed_id = ? and {_SAME})"""
REMOVED = f"""
select old.kind, old.value from feed_entries old where old.feed_id = ? and not exists
  (select 1 from temp.new_entries new where {_SAME})"""
CHANGED = f"""
select new.kind, new.value from temp.new_entries new join feed_entries old on old.feed_id = ? and {_SAME}
where (old.status, old.category, old.published, old.until, old.counts, old.note, old.reference)
  is not (new.status, new.category, new.published, new.until, new.counts, new.note, new.reference)"""

LOOK_UP = f"""
select feeds.name, {_COLUMNS} from feed_entries join feeds on feeds.id = feed_id
where kind = ? and value = ? order by feeds.name"""
SENT = (
    f"select feed, {_COLUMNS} from case_knowledge where case_id = ? and kind = ? and value = ? order by feed"
)
SENT_OVERRULES = "select domain, reason, decided_at from case_overrules where case_id = ? order by domain"
CAME_WITH = """
select 1 from case_knowledge where case_id = ? union all select 1 from case_overrules where case_id = ? limit 1"""
IS_KNOWN = "select 1 from feed_entries where kind = ? and value = ? limit 1"

OVERRULES = "select domain, reason, decided_at from overrules order by domain"
OVERRULE_OF = "select domain, reason, decided_at from overrules where domain = ?"
ADD_OVERRULE = "insert into overrules (domain, reason, decided_at) values (?, ?, ?)"
REMOVE_OVERRULE = "delete from overrules where domain = ?"

STATE = "select name, digest from feeds where entries > 0 order by name"
VERSION = "select value from settings where name = 'own_knowledge' and value <> ''"
SET_VERSION = "insert or replace into settings (name, value) values ('own_knowledge', ?)"
