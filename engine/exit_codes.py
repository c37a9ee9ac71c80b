"""What `papertray` ends with, and what each number means. The README's table is made from this one.

Every error class names the one that a command ends with because of it. Scripts rely on the numbers, so
none of them changes.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    sentence: str

    def __new__(cls, number: int, sentence: str) -> "ExitCode":
        code = int.__new__(cls, number)
        code._value_ = number
        code.sentence = sentence
        return code

    OK = 0, "All went well."
    FAILED = 1, "A check failed (`doctor`), or something went wrong that has no code of its own."
    NOT_UNDERSTOOD = 2, "The command was not understood."
    SETTINGS = 3, "The settings say something papertray cannot follow."
    FOLDER = 4, "A watched folder cannot be used."
    ALREADY_RUNNING = 5, "Another papertray, or another icon of it, is running already."
    NOT_RUNNING = 6, "papertray is not running."
    JOURNAL = 7, "The journal cannot be used."
    NO_SUCH_DOCUMENT = 8, "There is no document with that number."
    NOTE = 9, "A note cannot be written."
    DOCUMENT = 10, "A document, or one of its pages, cannot be read."
    NOT_A_DOCUMENT = 11, "A file is neither a PDF nor an image that papertray knows."
    PASSWORD = 12, "A PDF needs a password."
    NOT_ALLOWED = 13, "A file may not be opened."
    NO_TRAY = 14, "This desktop has no place for an icon."
    OWN_FOLDER = 15, "papertray cannot write into its own folders."
    READER = 20, "A reader cannot be loaded, or cannot read."
    NO_SUCH_MODEL = 21, "There is no model of that name."
    WEIGHTS = 22, "The files of a model are missing or damaged."
    DOWNLOAD = 23, "A model cannot be fetched."
    SERVICE = 30, "This system did not take, start or stop papertray as a service."
    FAULT = 70, "A fault of papertray itself; the log has the details."  # EX_SOFTWARE of sysexits.h
    INTERRUPTED = 130, "Ended by Ctrl-C."

    @classmethod
    def from_number(cls, number: object) -> "ExitCode":
        """The one with that number; what only a papertray of another version ends with is a failure here."""
        return next((code for code in cls if code == number), cls.FAILED)
