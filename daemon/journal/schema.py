"""The journal's format, as the steps that lead to it. A step that was released is never edited; add the next.

`documents.open_pages` counts the pages that still wait: kept beside the pages so that picking the next one
never looks through documents that are finished. Paths are bytes, because file names are.
`documents.exit_code` goes with the sentence of one that failed.
`documents.urgent` marks what someone waits for: uploads, which go first and get no note of their own.
"""

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL UNIQUE,
        folder BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        state TEXT NOT NULL,
        sha256 TEXT NOT NULL DEFAULT '',
        kind TEXT NOT NULL DEFAULT '',
        pages INTEGER NOT NULL DEFAULT 0,
        open_pages INTEGER NOT NULL DEFAULT 0,
        sentence TEXT NOT NULL DEFAULT '',
        advice TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0,
        retry_at REAL,
        wanted_reader TEXT NOT NULL DEFAULT '',
        read_afresh INTEGER NOT NULL DEFAULT 0,
        note BLOB,
        note_sha256 TEXT NOT NULL DEFAULT '',
        next_note BLOB,
        next_note_sha256 TEXT NOT NULL DEFAULT '',
        archived BLOB,
        reader TEXT NOT NULL DEFAULT '',
        revision TEXT NOT NULL DEFAULT '',
        device TEXT NOT NULL DEFAULT '',
        rung TEXT NOT NULL DEFAULT '',
        added REAL NOT NULL,
        finished REAL
    );
    CREATE INDEX documents_by_state ON documents (state, id);
    CREATE INDEX documents_by_bytes ON documents (sha256);
    CREATE INDEX documents_by_note ON documents (note) WHERE note IS NOT NULL;
    CREATE INDEX documents_by_next_note ON documents (next_note) WHERE next_note IS NOT NULL;
    CREATE INDEX shortest_first ON documents (open_pages, added, id) WHERE open_pages > 0;
    CREATE INDEX oldest_first ON documents (added, id) WHERE open_pages > 0;

    CREATE TABLE pages (
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        text TEXT,
        seconds REAL NOT NULL DEFAULT 0,
        sentence TEXT NOT NULL DEFAULT '',
        advice TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (document, number)
    );
    CREATE INDEX pages_by_state ON pages (document, state, number);

    CREATE TABLE figures (
        document INTEGER NOT NULL,
        page INTEGER NOT NULL,
        name TEXT NOT NULL,
        png BLOB NOT NULL,
        PRIMARY KEY (document, page, name),
        FOREIGN KEY (document, page) REFERENCES pages (document, number) ON DELETE CASCADE
    );

    CREATE TABLE wishes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    ALTER TABLE documents ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE documents ADD COLUMN wanted_mode TEXT NOT NULL DEFAULT '';
    ALTER TABLE documents ADD COLUMN wanted_pages TEXT NOT NULL DEFAULT '';
    CREATE INDEX urgent_documents ON documents (id) WHERE urgent;
    DROP INDEX shortest_first;
    DROP INDEX oldest_first;
    CREATE INDEX shortest_first ON documents (urgent DESC, open_pages, added, id) WHERE open_pages > 0;
    CREATE INDEX oldest_first ON documents (urgent DESC, added, id) WHERE open_pages > 0
    """,
    "ALTER TABLE documents ADD COLUMN exit_code INTEGER NOT NULL DEFAULT 0",
)
