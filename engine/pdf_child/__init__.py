"""The process that makes searchable PDFs: it opens the untrusted source, as `engine.render_child` does.

`engine.outputs.pdf` starts it for one document. The request comes in with the open source and the words that
are to be set; the answer is the whole PDF. It writes nothing and opens nothing else.
"""
