"""A random checkpoint as llama.cpp takes it: GGUF files of 8-bit and 4-bit weights, and one for the tower.

Takes a checkpoint in the publisher's layout and the sources of llama.cpp, whose converter does the work. The
4-bit weights are drawn in their own format: of random weights one is as good as another.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

CONVERTER = """
import runpy, sys
sources = sys.argv.pop(1)
sys.path.insert(0, sources)
from conversion.base import TextModel
TextModel.get_vocab_base_pre = lambda self, tokenizer: "deepseek-llm"  # it knows no random ones
sys.argv[0] = f"{sources}/convert_hf_to_gguf.py"
runpy.run_path(sys.argv[0], run_name="__main__")
"""
BLOCK = 32
SCALE = 0.005
"""What one of sixteen steps means: the weights spread as those of 8 bits do."""


def make_llama_files(sources: Path, checkpoint: Path, folder: Path) -> dict[str, Path]:
    """The weights by their format, and the tower. What is there already is taken as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{name}.gguf" for name in ("q8_0", "q4_0", "tower")}
    layout = _agreeing_copy(checkpoint, folder / "layout")
    if not files["tower"].exists():
        _convert(sources, layout, files["tower"], "--mmproj", "--outtype", "bf16")
    if not files["q8_0"].exists():
        _convert(sources, layout, files["q8_0"], "--outtype", "q8_0")
    if not files["q4_0"].exists():
        sys.path.append(str(sources / "gguf-py"))
        _draw_4_bit(files["q8_0"], files["q4_0"])
    return files


def _agreeing_copy(checkpoint: Path, folder: Path) -> Path:
    """Links to the files, and a configuration whose outer and inner sizes agree: the converter reads both."""
    folder.mkdir(exist_ok=True)
    for path in checkpoint.iterdir():
        (folder / path.name).unlink(missing_ok=True)
        (folder / path.name).symlink_to(path.resolve())
    config = json.loads((checkpoint / "config.json").read_text())
    language = config["language_config"]
    config |= {
        name: language[name] for name in language.keys() & config.keys() - {"architectures", "auto_map"}
    }
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def _convert(sources: Path, checkpoint: Path, made: Path, *options: str) -> None:
    partial = made.with_suffix(".partial")
    command = [sys.executable, "-c", CONVERTER, str(sources), str(checkpoint), *options, "--outfile", partial]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        raise SystemExit(f"llama.cpp's converter failed: {done.stderr.strip().splitlines()[-1]}")
    partial.rename(made)


def _draw_4_bit(source: Path, made: Path) -> None:
    """Every tensor of 8 bits as one of 4; the others and all that is said of the model as they are."""
    import gguf  # lies in llama.cpp's sources

    four, eight = gguf.GGMLQuantizationType.Q4_0, gguf.GGMLQuantizationType.Q8_0
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(made, reader.fields["general.architecture"].contents())
    for name, field in reader.fields.items():
        if not name.startswith("GGUF.") and name not in ("general.architecture", "general.file_type"):
            inner = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(name, field.contents(), field.types[0], inner)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0)
    drawn = np.random.default_rng(7)
    for tensor in reader.tensors:
        if tensor.tensor_type == eight:
            shape = tuple(int(size) for size in reversed(tensor.shape))
            writer.add_tensor(tensor.name, _draw_blocks(drawn, shape), raw_dtype=four)
        else:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _draw_blocks(drawn: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Blocks of 32 weights: a scale in float16, then two weights a byte."""
    blocks = np.empty((*shape[:-1], shape[-1] // BLOCK, 2 + BLOCK // 2), np.uint8)
    blocks[..., :2] = np.frombuffer(np.float16(SCALE).tobytes(), np.uint8)
    blocks[..., 2:] = drawn.integers(0, 256, blocks[..., 2:].shape, np.uint8)
    return blocks.reshape(*shape[:-1], -1)
