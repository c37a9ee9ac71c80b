"""How a card's products are cut: found by measuring, on an H200; the 4-bit ones are guesses that work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blocks:
    """How a product is cut: so many outputs and inputs at once, by so many warps, its inputs in parts."""

    outs: int
    inputs: int
    warps: int
    splits: int = 1


CUTS = {  # by rows (one or several) and format; measured on an H200
    (False, False): {
        "multiply": Blocks(4, 2048, 1),
        "long": Blocks(4, 1024, 4),
        "open": Blocks(4, 2048, 2),
        "close": Blocks(4, 1024, 4, 2),
    },
    (True, False): {"open": Blocks(32, 128, 4), "close": Blocks(32, 128, 4, 16)},
    (False, True): {
        "multiply": Blocks(4, 2048, 4),
        "long": Blocks(4, 2048, 4),
        "open": Blocks(4, 2048, 4),
        "close": Blocks(4, 1024, 4, 2),
    },
    (True, True): {
        "multiply": Blocks(32, 128, 4, 4),
        "long": Blocks(32, 128, 4, 4),
        "open": Blocks(32, 128, 4),
        "close": Blocks(32, 128, 4, 16),
    },
}
