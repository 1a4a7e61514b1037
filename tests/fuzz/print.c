/* SPDX-License-Identifier: MIT */
/*
 * The dynamic printers: the input is a message of one segment, printed as text and as JSON, on one
 * line and on several. What is printed without an error can be parsed; that message says the same
 * from then on (the first may have a member of the union that the schema does not know).
 */
#include "types.h"

enum { LIMIT_WORDS = 600 }; /* of traversal: small, so that an input does not take long */

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
    static char text[TYPES_TEXT];
    static uint64_t parsed[TYPES_WORDS];
    uint32_t count = (uint32_t)(size / 8);
    uint64_t *words = malloc(count ? count * 8 : 1); /* exact, for the sanitizer */
    struct capnp_message message;
    memcpy(words, bytes, count * 8);
    for (int i = 0; i < 4; i++) {
        struct types_form form = {i & 1, i & 2};
        capnp_message_single(&message, words, count);
        message.traversal_words = LIMIT_WORDS;
        enum dynamic_error error = types_print(&set, id, &message, form, text);
        /* What the reader refused is said, unless something else was met before. */
        require(error != DYNAMIC_OK || message.error == CAPNP_OK, "an error was not said");
        require(error != DYNAMIC_TYPE, "the type is good");
        if (error != DYNAMIC_OK || (!form.is_json && !types_is_parsable(text)))
            continue;
        if (types_parse(&set, id, text, strlen(text), form.is_json, parsed, &message))
            types_round_trip(&set, id, &message, form.is_json);
        else
            require(strlen(text) > TYPES_WORDS, text); /* what is long may not fit */
    }
    free(words);
    return 0;
}
