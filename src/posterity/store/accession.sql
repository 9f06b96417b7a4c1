-- accession.db: THE archive. Octets, where each was found, and the balance of every
-- source. Append-only but for `erase`. Everything else can be made again from this file.
-- Digests are 32 octets (SELECT hex(digest)); times are seconds since 1970, UTC.

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- zstd dictionaries, trained on the list's own mail; 0 stands for none.
CREATE TABLE dictionary (id INTEGER PRIMARY KEY, octets BLOB NOT NULL);

-- One row a message: its canonical octets (CRLF line ends), a zstd frame each.
-- digest = SHA-256 of those octets and one more CRLF. id is the order of arrival.
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  size INTEGER NOT NULL,          -- of the canonical octets
  dictionary INTEGER NOT NULL,    -- which one the frame needs
  octets BLOB NOT NULL            -- the frame
);

-- One row a source: a file, or a folder taken as one. length is of the unwrapped stream.
-- length = message_octets + duplicate_octets + framing_octets + quarantined_octets
--        + preamble_octets, or the source is not here at all.
CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,             -- base name as given, never a path
  member TEXT NOT NULL,           -- inside its container, '' for none
  form TEXT NOT NULL,             -- mbox, maildir, eml ...
  digest BLOB NOT NULL,           -- SHA-256 of the unwrapped stream
  length INTEGER NOT NULL,
  dialect TEXT NOT NULL,          -- mboxo, mboxrd, file ...
  confidence REAL NOT NULL,       -- in the dialect and the borders, 0 to 1
  evidence TEXT NOT NULL,         -- for both, sentences joined by LF
  messages INTEGER NOT NULL DEFAULT 0,
  message_octets INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0,
  duplicate_octets INTEGER NOT NULL DEFAULT 0,
  framing_octets INTEGER NOT NULL DEFAULT 0,
  quarantined INTEGER NOT NULL DEFAULT 0,
  quarantined_octets INTEGER NOT NULL DEFAULT 0,
  preamble_octets INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX source_by_digest ON source (digest, name, member);

-- Framing repeats: each different piece of it is kept once.
CREATE TABLE framing (id INTEGER PRIMARY KEY, octets BLOB NOT NULL UNIQUE);

-- The pieces of a source, in order; laid end to end they are the source again.
CREATE TABLE occurrence (
  source INTEGER NOT NULL REFERENCES source,
  sequence INTEGER NOT NULL,      -- from 0
  kind TEXT NOT NULL,             -- message, duplicate, framing, quarantined, preamble
  member TEXT NOT NULL,           -- file inside a folder, '' for none
  offset INTEGER NOT NULL,        -- of the piece, its opening framing included
  opening INTEGER REFERENCES framing,   -- before the octets: the From_ line
  length INTEGER NOT NULL,        -- of the octets as found
  closing INTEGER REFERENCES framing,   -- after them: the separator's blank line
  message INTEGER REFERENCES message,   -- of a message or a duplicate
  line_ends BLOB NOT NULL,        -- 'C' CRLF, 'L' LF, 'M...' which ones were LF
  quoting TEXT NOT NULL,          -- 'mboxrd' where lines were unquoted, else ''
  fragment BLOB,                  -- zstd frame, no dictionary: octets of no message
  reason TEXT NOT NULL,           -- why it is quarantined or preamble, else ''
  PRIMARY KEY (source, sequence)
) WITHOUT ROWID;
CREATE INDEX occurrence_of_message ON occurrence (message);

-- What was done to the archive, and when: for people, never read by the program.
CREATE TABLE event (at INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);

-- Messages whose octets are gone for good, or replaced by a copy without some words.
-- The digest in `message` stays that of the original: it is known when it comes again.
CREATE TABLE IF NOT EXISTS erased (
  message INTEGER PRIMARY KEY REFERENCES message,
  kind TEXT NOT NULL,             -- erased: no octets; redacted: a copy
  reason TEXT NOT NULL,
  since TEXT NOT NULL,            -- the date that was given
  copy BLOB,                      -- redacted: SHA-256 as of a message, of the copy
  facts TEXT NOT NULL,            -- erased: what keeps its place (JSON): month, time, ids
  shingles BLOB NOT NULL          -- erased: digests of its phrases, to know them in a quote
);

-- Every page that was ever published, as a path in the site.
CREATE TABLE IF NOT EXISTS url (
  path TEXT PRIMARY KEY,
  kind TEXT NOT NULL,             -- message, thread, month, person, page
  first INTEGER NOT NULL,         -- when it was published first
  last INTEGER                    -- when it was found to have gone or moved; NULL: it is there
) WITHOUT ROWID;
