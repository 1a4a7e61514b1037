/* SPDX-License-Identifier: MIT */
#include "block_bounds.h"

#include "text.h"

bool block_extent_holds(const struct block_extent *extent, uint64_t first, uint64_t count)
{
    return count > 0 && first < extent->count && count <= extent->count - first;
}

bool block_extent_part(const struct block_extent *extent, uint64_t first, uint64_t count,
                       bool read_only, struct block_extent *part)
{
    if (!block_extent_holds(extent, first, count))
        return false;
    *part = (struct block_extent){extent->first + first, count, extent->read_only || read_only};
    return true;
}

enum block_bounds block_ranges_check(const struct block_extent *extent, uint64_t first,
                                     const struct block_range *ranges, uint32_t range_count,
                                     uint64_t pin_bytes, uint32_t block_bytes, uint64_t bytes_max,
                                     uint64_t *blocks, uint64_t *failed)
{
    uint64_t bytes = 0;
    *blocks = 0;
    if (range_count > BLOCK_RANGES_MAX)
        return BLOCK_BOUNDS_TOO_LARGE;
    for (uint32_t i = 0; i < range_count; i++) {
        uint64_t offset = ranges[i].offset, length = ranges[i].length;
        if (length == 0 || (offset | length) % block_bytes != 0 || offset > pin_bytes ||
            length > pin_bytes - offset)
            return BLOCK_BOUNDS_BAD_RANGE;
        if (length > bytes_max - bytes) /* never below 0: bytes is at most bytes_max */
            return BLOCK_BOUNDS_TOO_LARGE;
        bytes += length;
    }
    if (bytes == 0)
        return BLOCK_BOUNDS_BAD_RANGE;
    *blocks = bytes / block_bytes;
    if (block_extent_holds(extent, first, *blocks))
        return BLOCK_BOUNDS_OK;
    *failed = first < extent->count ? extent->count : first;
    return BLOCK_BOUNDS_OUT_OF_RANGE;
}

bool block_extent_parse(const struct block_extent *whole, const char *text,
                        struct block_extent *part)
{
    uint64_t first, count;
    size_t length = strlen(text), plus = 0;
    while (plus < length && text[plus] != '+')
        plus++;
    return plus < length && text_number(text, plus, &first) &&
           text_number(text + plus + 1, length - plus - 1, &count) &&
           block_extent_part(whole, first, count, false, part);
}

bool block_extent_check(const struct block_extent *extent, uint64_t blocks)
{
    return extent->count > 0 && extent->first < blocks && extent->count <= blocks - extent->first;
}
