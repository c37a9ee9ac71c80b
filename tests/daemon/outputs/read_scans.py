"""Scans that were read, in a journal and on the disk: for those who write outputs of them."""

import hashlib
import time
from pathlib import Path

from papertray.daemon.journal import Journal
from papertray.daemon.records import FoundFile, OpenedDocument
from papertray.engine.documents import Fingerprint
from papertray.engine.pages import PageText
from tests.engine.outputs.readings import READER
from tests.engine.renderer.documents_made import halves


def read_scan(journal: Journal, file: Path, *pages: PageText, colours: str = "RGB") -> int:
    """A picture on the disk, and a document in the journal whose pages say this, done."""
    halves((200, 300)).convert(colours).save(file)
    journal.arrivals.add([FoundFile(file.parent, file, Fingerprint.of(file.stat()))])
    number = journal.arrivals.next_to_open(1)[0].id
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest() + str(number)
    journal.arrivals.add_pages([OpenedDocument(number, sha256[-64:], "png", len(pages))])
    jobs = journal.queue.upcoming_pages(len(pages))
    journal.queue.begin(jobs)
    journal.queue.finish([(job, pages[job.number - 1]) for job in jobs], READER, "", 1.0)
    journal.store.rows(
        "UPDATE documents SET state = 'done', finished = ? WHERE id = ?", (time.time(), number)
    )
    return number
