-- The search index, in catalogue.db: derived, like all of it.

-- Words by column, as store/batches.py packs them; id is the last message of the run,
-- 0 is for recovered messages, which are made anew with every import.
CREATE TABLE search_batch (id INTEGER PRIMARY KEY, octets BLOB NOT NULL);

-- Which quoted lines of a message are words nobody holds, as they were indexed.
CREATE TABLE search_lost (message INTEGER PRIMARY KEY, lines TEXT NOT NULL);

-- Words in more than a quarter of all messages: they find, but do not rank.
CREATE TABLE search_common (word TEXT PRIMARY KEY, messages INTEGER NOT NULL,
  times INTEGER NOT NULL) WITHOUT ROWID;

-- The index itself keeps no text: a message's words can be made again from its octets.
CREATE VIRTUAL TABLE search USING fts5 (
  subject, own, lost, author, files, quoted, recipients, list, type, has, lang,
  content = '', tokenize = 'ascii'
);
CREATE VIRTUAL TABLE search_words USING fts5vocab (search, row);
