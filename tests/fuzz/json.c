/* SPDX-License-Identifier: MIT */
/*
 * The parser of JSON: the input is a text for a struct of idl/sample.capnp. What is taken becomes
 * a legal message, which prints and is parsed to the same again; what is not has a place and a
 * reason.
 */
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
    static uint64_t words[TYPES_WORDS];
    struct capnp_message message;
    char *text = malloc(size ? size : 1); /* exact, for the sanitizer */
    memcpy(text, bytes, size);
    bool is_good = types_parse(&set, id, text, size, true, words, &message);
    free(text);
    if (is_good) {
        types_round_trip(&set, id, &message, true);
        require(message.error == CAPNP_OK, "an illegal message was made");
    }
    return 0;
}
