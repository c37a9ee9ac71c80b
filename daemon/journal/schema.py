"""The journal's format, as the steps that lead to it. A step that was released is never edited; add the next.

`documents.open_pages` counts the pages that still wait: kept beside the pages so that picking the next one
never looks through documents that are finished. Paths are bytes, because file names are.
`documents.exit_code` goes with the sentence of one that failed.
`pages.text` is packed JSON and `pages.text_check` its checksum; what was kept first is plain and has none.
`pages.doubtful` marks those whose text, once it is in, somebody should look at: so that a list of documents
can say so without unpacking any text. `pages.confidence` is there for the same reason.
`tallies` counts the documents of each state, so that nobody has to: uploads as long as they are read.
`outputs` are the files that stand beside notes, with the hash of what was written and of what is about to be.
`errands` are what rules have to do for a document, and without a rule its outputs; due until `ended`.
Those that did not work are told until they do, or somebody has `given_up`.
`documents.way` is how the folder wanted its documents read when this one was opened: what was read another
way is not taken over from a document with the same bytes.
`documents.archived` is where the file is now that was dropped as `path`; `next_archived` where it is about
to be.
`documents.urgent` is not 0 for uploads, which get no note of their own: 1 for what someone here waits for,
which goes first, -1 for what another machine waits for, which takes turns with the folders.
"""

import sqlite3
from collections.abc import Iterator

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
    """
    ALTER TABLE pages ADD COLUMN text_check INTEGER;
    CREATE INDEX pages_in_hand ON pages (document, number) WHERE state = 'reading';
    CREATE INDEX newest_first ON documents (added, id) WHERE NOT urgent AND state <> 'forgotten';
    CREATE INDEX newest_of_state ON documents (state, added, id) WHERE NOT urgent;
    CREATE INDEX last_finished ON documents (finished, id) WHERE NOT urgent;
    CREATE INDEX next_retries ON documents (retry_at) WHERE retry_at IS NOT NULL;

    CREATE TABLE tallies (state TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO tallies SELECT state, COUNT(*) FROM documents
        WHERE NOT urgent OR finished IS NULL GROUP BY state;
    CREATE TRIGGER tally_new AFTER INSERT ON documents WHEN NOT NEW.urgent OR NEW.finished IS NULL
    BEGIN
        INSERT INTO tallies VALUES (NEW.state, 1) ON CONFLICT (state) DO UPDATE SET documents = documents + 1;
    END;
    CREATE TRIGGER tally_gone AFTER DELETE ON documents WHEN NOT OLD.urgent OR OLD.finished IS NULL
    BEGIN
        UPDATE tallies SET documents = documents - 1 WHERE state = OLD.state;
    END;
    CREATE TRIGGER tally_change AFTER UPDATE OF state, urgent, finished ON documents
    WHEN OLD.state <> NEW.state
        OR (NOT OLD.urgent OR OLD.finished IS NULL) <> (NOT NEW.urgent OR NEW.finished IS NULL)
    BEGIN
        UPDATE tallies SET documents = documents - 1
            WHERE state = OLD.state AND (NOT OLD.urgent OR OLD.finished IS NULL);
        INSERT INTO tallies SELECT NEW.state, 1 WHERE NOT NEW.urgent OR NEW.finished IS NULL
            ON CONFLICT (state) DO UPDATE SET documents = documents + 1;
    END
    """,
    """
    ALTER TABLE pages ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX doubtful_pages ON pages (document, number) WHERE doubtful AND state = 'done'
    """,
    """
    CREATE TABLE outputs (
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        path BLOB NOT NULL,
        ending TEXT NOT NULL,
        sha256 TEXT NOT NULL DEFAULT '',
        next_sha256 TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (document, path)
    );
    CREATE INDEX outputs_by_path ON outputs (path)
    """,
    """
    ALTER TABLE pages ADD COLUMN confidence REAL;
    CREATE INDEX page_confidences ON pages (document, confidence)
        WHERE state = 'done' AND confidence IS NOT NULL
    """,
    """
    CREATE TABLE errands (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        rule TEXT NOT NULL,
        action TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        retry_at REAL,
        ended REAL,
        worked INTEGER NOT NULL DEFAULT 0,
        outcome TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX errands_due ON errands (id) WHERE ended IS NULL;
    CREATE INDEX errands_of_document ON errands (document, id)
    """,
    """
    ALTER TABLE documents ADD COLUMN way TEXT NOT NULL DEFAULT '';
    ALTER TABLE documents ADD COLUMN next_archived BLOB;
    CREATE INDEX documents_by_archived ON documents (archived) WHERE archived IS NOT NULL;
    CREATE INDEX documents_by_next_archived ON documents (next_archived) WHERE next_archived IS NOT NULL;
    CREATE INDEX waiting_groups ON documents (folder, wanted_reader, wanted_mode, urgent, added)
        WHERE open_pages > 0
    """,
    """
    ALTER TABLE errands ADD COLUMN given_up INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX errands_unfinished ON errands (id) WHERE worked = 0 AND given_up = 0 AND outcome <> ''
    """,
)


def statements(step: str) -> Iterator[str]:
    """The statements of a step, one after the other: a trigger holds some of its own."""
    statement = ""
    for piece in step.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
