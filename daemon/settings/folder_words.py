"""What the settings of a watched folder are called where a person sees them, in the order of the page.

Texts alone. A setting that has no row here is shown under its own name, after all others.
"""

from collections.abc import Mapping
from typing import NamedTuple

from papertray.engine.language import translatable


class FolderWords(NamedTuple):
    group: str
    title: str
    about: str


_READING, _NOTES, _FILES = (
    translatable("How it is read"),
    translatable("Its notes"),
    translatable("Which files"),
)

FOLDER_WORDS: Mapping[str, FolderWords] = {
    "model": FolderWords(_READING, translatable("Model"), ""),
    "device": FolderWords(_READING, translatable("Device"), ""),
    "mode": FolderWords(_READING, translatable("Mode"), translatable("Empty: the model's own.")),
    "prompt": FolderWords(
        _READING,
        translatable("Prompt"),
        translatable("document, text or another of the model's, or words of your own."),
    ),
    "languages": FolderWords(
        _READING,
        translatable("Other scripts"),
        translatable("One a line as Tesseract names them, like rus; auto: what is here; empty: none."),
    ),
    "dots_per_inch": FolderWords(
        _READING, translatable("Dots per inch"), translatable("At which the pages of a PDF are drawn.")
    ),
    "pause": FolderWords(
        _READING,
        translatable("Pause hours"),
        translatable("In which its documents wait, like Mon-Fri 08:00-18:00."),
    ),
    "outputs": FolderWords(_NOTES, translatable("Other forms"), translatable("Written beside each note.")),
    "note_name": FolderWords(
        _NOTES, translatable("Name of a note"), translatable("A template, like {created} {title}.")
    ),
    "properties": FolderWords(
        _NOTES, translatable("Head of a note"), translatable("One a line, like tags: [scan, {folder}].")
    ),
    "notes": FolderWords(
        _NOTES,
        translatable("Notes go to"),
        translatable("beside: to the scan; or the full path of a folder."),
    ),
    "archive": FolderWords(
        _NOTES,
        translatable("Archive"),
        translatable("The full path of the folder that a file moves to once it is read."),
    ),
    "recursive": FolderWords(_FILES, translatable("Subfolders, too"), ""),
    "include": FolderWords(_FILES, translatable("Which names"), translatable("One a line, like *.pdf.")),
    "ignore": FolderWords(
        _FILES, translatable("But not"), translatable("One a line, like drafts, *.bak.pdf.")
    ),
    "watch": FolderWords(
        _FILES,
        translatable("Watched"),
        translatable("Looking regularly is for network drives that automatic does not recognise."),
    ),
    "settle": FolderWords(
        _FILES, translatable("Seconds of stillness"), translatable("So long a file must not change.")
    ),
}
OTHERS = translatable("More")

CHOICE_TITLES: Mapping[str, str] = {
    "auto": translatable("Automatic"),
    "native": translatable("by its events"),
    "poll": translatable("by looking regularly"),
    "cuda": translatable("NVIDIA graphics card"),
    "mps": translatable("Apple graphics"),
    "npu": translatable("Ascend NPU"),
    "cpu": translatable("Processor"),
    "server": translatable("A server"),
}
