// Included between two kernel files in one translation unit, so that the second does not see the constants of the
// first.
#undef TILE_K
#undef TILE_C
#undef PATCH_H
#undef PATCH_W
#undef THREADS
#undef WINDOWS
#undef TILE
#undef SIDE
#undef CHAINS
#undef KERNEL_H
#undef KERNEL_W
#undef MAX_TAPS
#undef UNROLLED
