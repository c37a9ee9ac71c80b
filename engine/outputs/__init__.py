"""What was read, in other forms: a searchable PDF, JSON, plain text, HTML, tables as CSV, hOCR, DOCX.

`formats` is the table of them, with one module for each. They take values and give bytes; who puts those
anywhere is the caller's business. The PDF alone needs the document itself, which a child process opens.
"""
