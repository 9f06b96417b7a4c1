-- catalogue.db: everything derived. Delete it and the next build makes it again, row for
-- row the same. Ids are the accession's; nothing shown to a reader depends on them.
-- Times are seconds since 1970, UTC; NULL is unknown.

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- What a message says of itself (parse), then what the list says of it (relate).
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL,
  month TEXT NOT NULL,            -- "1996/12" by its own Date, or "unknown": the URL
  header_utc INTEGER,             -- its own Date alone
  header_offset INTEGER,          -- its zone, seconds east of UTC
  header_error INTEGER NOT NULL,
  raw_date TEXT NOT NULL,
  received TEXT NOT NULL,         -- times of the Received fields, latest first
  from_written TEXT NOT NULL,     -- unfolded, encoded words as they stand
  author_name TEXT NOT NULL,
  author_address TEXT NOT NULL,
  recipients TEXT NOT NULL,       -- addresses of To and Cc
  subject TEXT NOT NULL,
  base_subject TEXT NOT NULL,
  is_reply INTEGER NOT NULL,
  words TEXT NOT NULL,            -- the first own words
  size INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  flags TEXT NOT NULL,            -- "attachment pgp-signed", sorted, joined by blanks
  charset TEXT NOT NULL,
  charset_source TEXT NOT NULL,
  attributions TEXT NOT NULL,     -- lines such as "X wrote:", joined by LF
  -- relate
  utc INTEGER,                    -- the published time
  date_evidence TEXT NOT NULL DEFAULT 'unknown',
  date_error INTEGER NOT NULL DEFAULT 0,
  date_detail TEXT NOT NULL DEFAULT '',
  person INTEGER,
  thread INTEGER,
  listed INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE message_id (msgid TEXT NOT NULL, message INTEGER NOT NULL,
  PRIMARY KEY (msgid, message)) WITHOUT ROWID;
CREATE TABLE reference (message INTEGER NOT NULL, field TEXT NOT NULL, place INTEGER NOT NULL,
  msgid TEXT NOT NULL, PRIMARY KEY (message, field, place)) WITHOUT ROWID;
CREATE TABLE attachment (message INTEGER NOT NULL, part_id TEXT NOT NULL,
  digest BLOB NOT NULL, filename TEXT NOT NULL, media_type TEXT NOT NULL,
  size INTEGER NOT NULL, PRIMARY KEY (message, part_id)) WITHOUT ROWID;
CREATE TABLE mention (message INTEGER NOT NULL, url TEXT NOT NULL,
  PRIMARY KEY (message, url)) WITHOUT ROWID;
CREATE TABLE defect (message INTEGER NOT NULL, sequence INTEGER NOT NULL, code TEXT NOT NULL,
  place TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (message, sequence)) WITHOUT ROWID;
-- What pages show of a message that is one plain text, beside its row: JSON, see gist.py.
CREATE TABLE gist (message INTEGER PRIMARY KEY, value TEXT NOT NULL);

-- Threads: nodes in reading order; a node without message is a ghost. A thread is numbered
-- after its first message, a person after theirs: 2 * id, or 1 - 2 * id for one below 0.
CREATE TABLE thread (id INTEGER PRIMARY KEY, root INTEGER NOT NULL, messages INTEGER NOT NULL,
  counted INTEGER NOT NULL,      -- without copies
  people INTEGER NOT NULL, first INTEGER, last INTEGER);
CREATE TABLE node (thread INTEGER NOT NULL, position INTEGER NOT NULL, message INTEGER,
  ghost TEXT NOT NULL, parent INTEGER NOT NULL, depth INTEGER NOT NULL, evidence TEXT,
  strength REAL NOT NULL, detail TEXT NOT NULL,
  PRIMARY KEY (thread, position)) WITHOUT ROWID;
-- The replies, for the questions that ask who answered whom.
CREATE TABLE edge (child INTEGER PRIMARY KEY, parent INTEGER NOT NULL);
-- Each witness as if the others were absent, for who wants to judge them.
-- kind: header, quote, subject
CREATE TABLE witness (child INTEGER NOT NULL, kind TEXT NOT NULL, parent INTEGER NOT NULL,
  strength REAL NOT NULL, detail TEXT NOT NULL,
  PRIMARY KEY (child, kind)) WITHOUT ROWID;

CREATE TABLE person (id INTEGER PRIMARY KEY, slug TEXT NOT NULL, name TEXT NOT NULL,
  posts INTEGER NOT NULL, first INTEGER, last INTEGER);
CREATE TABLE spelling (from_written TEXT PRIMARY KEY, person INTEGER NOT NULL,
  name TEXT NOT NULL, address TEXT NOT NULL, posts INTEGER NOT NULL,
  evidence TEXT NOT NULL, detail TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE copy (message INTEGER PRIMARY KEY, first INTEGER NOT NULL, how TEXT NOT NULL);
-- Which lines of a message quote which lines of another; numbers from 1, both included.
CREATE TABLE quote (message INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  origin INTEGER NOT NULL, origin_first INTEGER NOT NULL, origin_last INTEGER NOT NULL,
  PRIMARY KEY (message, first)) WITHOUT ROWID;

-- Whole messages that stand inside others, by offsets into the host's octets.
CREATE TABLE hidden (host INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  msgid TEXT NOT NULL, how TEXT NOT NULL, PRIMARY KEY (host, start)) WITHOUT ROWID;
-- Those of them that are held nowhere else: messages of their own, with ids below 0.
CREATE TABLE recovered (message INTEGER PRIMARY KEY, host INTEGER NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, how TEXT NOT NULL);

-- What the keeper withdrew; `message` and its fellows hold only what readers may see.
CREATE TABLE amended (message INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,             -- hidden, erased, joined: no text; redacted, mended: a copy
  reason TEXT NOT NULL, since TEXT NOT NULL,
  other TEXT NOT NULL,            -- joined: the hash of the message it is a part of
  said INTEGER NOT NULL,          -- 1: amendments.toml says so; 0: it quotes what is withdrawn
  copy BLOB);                     -- a zstd frame, no dictionary; NULL: as in the accession
-- What relate must know of these messages, as JSON: facts, ids, references.
CREATE TABLE original (message INTEGER PRIMARY KEY, value TEXT NOT NULL);
-- Messages whose words the search index must take anew.
CREATE TABLE stale (message INTEGER PRIMARY KEY);
