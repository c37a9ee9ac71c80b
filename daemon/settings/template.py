"""What a new settings file says: every setting with its default, commented out, and what it is for."""

TEMPLATE = """\
# papertray's settings. A line that begins with # holds the default; remove the # to change it.
# A running daemon takes over what is saved here with `papertray config edit` or `papertray config set`.

# language = "auto"             # "en", "zh", "lt" or "de"; auto: the system's, of the page the browser's
# rescan = 300                  # seconds between two full looks at the folders

[[folders]]                     # one such block for each watched folder
path = "~/OCR/inbox"
# recursive = true
# watch = "auto"                # "native", or "poll" for network drives that auto does not recognise
# settle = 2                    # seconds a file must be still before it is read; 5 where polled
# include = ["*"]
# ignore = []                   # for example ["drafts", "*.bak.pdf"]
# notes = "beside"              # or the full path of a folder for the notes
# outputs = []                  # beside each note, too: "pdf" (searchable), "json" …: see docs/outputs.md
# archive = "~/OCR/archive"     # where a source goes once its note stands; without it, it stays
# note_name = "{stem}"           # for example "{created} {title}": see docs/vaults.md
# properties = []               # for example ["title: {title}", "tags: [scan, {folder}]"]
# model = "quick"               # this folder alone; without it, what [engine] says. So do the next four
# device = "cpu"
# mode = "base"
# prompt = "document"
# languages = "auto"
# dots_per_inch = 200           # without it, what [documents] says
# pause = ""                    # "08:00-18:00", "Mon-Fri 08:00-18:00": its documents wait until then
# drop_blank_pages = false      # true: a note names its blank pages at its head alone
# split_at = "nothing"          # a pile becomes its documents: at "blank" sheets or at those with a "barcode"
# separator = "PATCHT"          # what that barcode says: Code 128, QR or any other
# join_sides = false            # true: X-front.pdf and X-back.pdf, scanned from its end, become X.pdf

# [[rules]]                     # for each rule: what to do with which documents, once read: see docs/rules.md
# name = "invoices"
# words = ["invoice"]           # all of them stand in it; case and accents do not matter
# regex = "INV-[0-9]+"          # found in a paragraph or line of it
# folder = "bills"              # below a watched folder; or a full path
# source = "*.pdf"              # the name of the file
# min_pages = 1
# max_pages = 20
# doubtful = false              # whether it has doubtful pages
# note_name = "{created} {title}"   # what its note is called
# tags = ["invoice"]            # added to those in its note's front matter
# move = "~/Papers/{created:%Y}"    # the folder that note and file go to; or one below the watched folder
# run = ["notify-send", "{title}", "{note}"]   # a program and its arguments; no shell
# seconds = 60                  # the time that it has
# webhook = "https://example.org/hook"
# webhook_key_env = ""          # the environment variable with the key that signs it
# plain_http = false            # true allows http:// to other machines

[notes]
# front_matter = true
# keep_running_heads = false    # true keeps heads, feet and page numbers, and every page by itself

[documents]                     # limits for files, and how PDF pages are drawn
# dots_per_inch = 200
# max_pages = 2000
# max_megapixels = 180          # an image larger than this is refused
# page_megapixels = 40          # a PDF page is drawn no larger than this
# seconds_a_page = 60
# memory_megabytes = 2048

[engine]
# model = "auto"                # "quick", or a name of `papertray models list`
# device = "auto"               # "cpu", "cuda", "mps" or "npu"
# dtype = "auto"                # "float32", "float16" or "bfloat16"
# four_bit = "auto"             # "on" or "off"
# longest_side = 1024           # pixels; without it, what the model and the memory allow
# mode = "base"                 # without it, the model's own
# prompt = "document"
# max_tokens = 8192             # of one page; without it, the model's own
# pdf_text = "auto"             # what a PDF has itself: where it is sound, "never" or "always"
# cut_figures = false           # true: figures and formulas that the quick reader sees are cut out
# languages = "auto"            # what Tesseract has for other scripts; or ["rus", "ell"], or [] for none
# idle_unload = 600             # idle seconds before the reader is unloaded
# effort = "normal"             # "gentle": half of the cores, and behind other programs; "all": every core
# fallback = "wait"             # while no server answers the pages wait; "quick": the quick reader goes on
# nice = 5                      # how far reading stands back behind other programs, 0 to 19

# [[engine.servers]]            # for model = "server": one block for each inference engine that reads pages
# url = "http://127.0.0.1:8000/v1"
# model = "deepseek-ai/DeepSeek-OCR"
# name = ""                     # what status and notes call it; else its host and port
# key_env = ""                  # the environment variable that holds its key
# key = ""                      # or "keyring:NAME": in the system's keyring, see `papertray servers key`
# fingerprint = ""              # of its certificate, if that is what it is known by: `papertray servers add`
# family = ""                   # the sort of its model, where its name does not say: see docs/servers.md
# in_flight = 64                # pages that are with it at once; else 16, and more while that reads more
# command = ""                  # starts it on this machine, with {port} for its port; then without url

[notify]                        # what the tray may tell; nothing while paused
# batch_finished = true
# document_failed = true
# download_finished = true
# folder_gone = true

[tray]
# bar = "auto"                  # "light" or "dark": the bar that the icon stands on

[api]                           # what the tray, the command line, the page and curl speak through
# enabled = true
# host = "127.0.0.1"            # another address lets other machines reach papertray: know what you do
# port = 8763                   # the next free one where it is taken
# upload_megabytes = 200        # a larger upload is refused

[serve]                         # whether pages of other machines are read here: see `papertray serve`
# enabled = false               # true: over TLS, with a token for each machine, and reading alone
# host = "0.0.0.0"              # the address of this machine at which they come in; this one is all of them
# port = 8764
# announce = true               # machines of this network find this one by name; false keeps it silent

[journal]
# keep_texts_of_gone = 30       # days for which what was read of a file is kept once the file is gone

[log]
# level = "INFO"                # "DEBUG", "WARNING" or "ERROR"
"""
