/* SPDX-License-Identifier: MIT */
#include "first.h"
#include "print.h"

uint32_t first_main(void)
{
    uint64_t bytes;
    const uint8_t *image = first_image(&bytes);
    print("init: image of %lu bytes at 0x%lx, %lu frames\n", bytes, (uint64_t)(uintptr_t)image,
          space_free(first_frames()));
    return 0;
}
