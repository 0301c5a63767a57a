"""Tiles of Lamella's convolutions as implicit GEMM, as GemmTile.java and GemmLaunches.java choose them."""

# Rows of a block, the columns of a block that has more than FEW_ROWS of them, and what a block does in addition to its
# multiply-adds, in rows.
TILES = (32, 48, 64, 80, 96)
FEW_ROWS, COLUMNS, OVERHEAD = 32, 128, 16
# Shared memory of a block, the slices of terms that are there at a time, and the floats between terms.
SHARED_BYTES, SLICES, GAPS = 48 * 1024, 2, 8
# Terms of a slice: at least, and of the filter gradient; and the taps of which one of its units has all of a channel.
TERMS, FILTER_TERMS, UNIT_TAPS = 10, 16, 9
MAX_TAPS, MAX_PHASES, VECTOR = 16, 4, 4
# The forward pass has another kernel for fewer.
MANY_CHANNELS, MANY_FILTERS = 9, 33


def columns(tile):
    """Columns of a block."""
    return COLUMNS if tile > FEW_ROWS else 2 * COLUMNS


def group_columns(tile, group):
    """Columns of a block that hold whole groups."""
    return columns(tile) // group * group


def best(rows, terms, of_tile=lambda tile: 1):
    """The tile with the least work for so many rows; of_tile: by what the work of its rows is multiplied."""
    fitting = [t for t in TILES if SLICES * terms * (t + columns(t) + GAPS) * 4 <= SHARED_BYTES]
    return min(fitting, key=lambda t: (-(-rows // t) * (t + OVERHEAD) * of_tile(t), -t))
