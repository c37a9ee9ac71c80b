"""The reader that serves while the chosen one cannot is used as the settings say, too."""

import time

from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.daemon.reading.slot import ReaderSlot
from papertray.daemon.settings import EngineSettings
from papertray.engine.pages import PdfText
from papertray.engine.readers.quick.reader import QuickReader


def test_the_quick_reader_that_serves_for_a_model_leaves_a_pdfs_text_alone_where_that_is_wanted() -> None:
    slot = ReaderSlot(EngineReaderSource(find_places()), time.monotonic)
    reader = slot.get(EngineSettings(model="dots-ocr", pdf_text="never"))
    assert slot.now.trouble is not None
    assert isinstance(reader, QuickReader)
    assert reader.pdf_text is PdfText.NEVER
