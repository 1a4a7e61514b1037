/* SPDX-License-Identifier: MIT */
/* The parser of JSON: see types_take. */
#include "types.h"

int LLVMFuzzerInitialize(int *argument_count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct schema_set set;
static uint64_t id;

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
    (void)argument_count;
    types_read((*arguments)[0], &set, &id);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    types_take(&set, id, bytes, size, true);
    return 0;
}
