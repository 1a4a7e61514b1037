/* SPDX-License-Identifier: MIT */
/* What the loader left, in the kernel's own words, and the memory that is handed out at boot. */
#pragma once

#define BOOT_RANGES_MAX 32

struct boot_range {
    uint64_t base; /* bytes, page-aligned */
    uint64_t bytes;
};

struct boot_information {
    struct boot_range ram[BOOT_RANGES_MAX]; /* usable RAM, without kernel and image */
    uint32_t ram_count;
    uint32_t unused;
    struct boot_range image;
    struct boot_range devices[3]; /* of registers, the last of the device tree; or empty */
    uint64_t physical_end; /* end of the highest RAM */
    uint64_t frames;       /* frames of RAM in all */
    const char *command;   /* the command line, ended by 0; NULL: none */
};

/* Take `bytes` (rounded up to pages) from the largest free range, cleared; physical address. Panics
   when there is no such range: only before the first user code. */
uint64_t boot_allocate(struct boot_information *boot, uint64_t bytes);
/* The largest free range that begins below an address; it may be empty. */
struct boot_range *boot_largest(struct boot_information *boot, uint64_t below);
/* Take [base, base + bytes) out of the free ranges. */
void boot_exclude(struct boot_information *boot, uint64_t base, uint64_t bytes);
/* Make the first Domain from the boot image and let its thread be current. */
void boot_first_domain(struct boot_information *boot, uint64_t ticks_per_second);
