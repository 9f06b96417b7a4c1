"""The archive in other forms: mbox, Maildir, tables, one message to read."""
