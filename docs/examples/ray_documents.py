"""Read the PDFs and images of a folder or bucket, each once: SOURCE TARGET ACTORS GPUS_FOR_EACH."""

import sys
from tempfile import NamedTemporaryFile

import ray
from pyarrow import fs

import papertray

(source, folder), (target, notes) = map(fs.FileSystem.from_uri, sys.argv[1:3])
how = {"concurrency": int(sys.argv[3]), "num_gpus": float(sys.argv[4])}


class Reads:
    def __init__(self):
        self.reader = papertray.open_reader()  # every actor has its own model

    def __call__(self, row):
        with source.open_input_stream(row["path"]) as content, NamedTemporaryFile() as copy:
            copy.write(content.read())
            copy.flush()
            try:
                text = self.reader.read(copy.name).markdown
            except papertray.DocumentError as problem:
                text = f"> [!WARNING]\n> {problem}\n"
        target.create_dir(row["note"].rpartition("/")[0])
        with target.open_output_stream(row["note"] + ".part") as note:
            note.write(text.encode())
        target.move(row["note"] + ".part", row["note"])  # whole or not at all
        return row


target.create_dir(notes)
done = {file.path for file in target.get_file_info(fs.FileSelector(notes, recursive=True))}
files = [file.path for file in source.get_file_info(fs.FileSelector(folder, recursive=True)) if file.is_file]
rows = [{"path": path, "note": f"{notes}{path[len(folder) :]}.md"} for path in files]
rows = [row for row in rows if row["note"] not in done]
ray.data.from_items(rows).map(Reads, **how).materialize() if rows else print("All are read.")
