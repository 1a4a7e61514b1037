/* SPDX-License-Identifier: MIT */
/*
 * A hostile schema: the input is a request of `capnp compile`, framed, that a set of types is made
 * of. Each of its nodes is described, and a message is printed with each of its structs; whatever
 * the schema says, that ends, and nothing is read outside.
 */
#include "describe.h"
#include "types.h"

enum { SEGMENT_MAX = 8, DESCRIBED_MAX = 12 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct schema_entry entries[TYPES_ENTRIES];
    static char text[TYPES_TEXT];
    static const uint64_t words[] = {
        /* Two words of data, four pointers, and what these lead to, or do not. */
        UINT64_C(0x0004000200000000), 0x1122334455667788, 0x99aabbccddeeff00,
        UINT64_C(0x0000002a0000000d), UINT64_C(0x0000001f00000011), UINT64_C(0x0001000100000010), 0,
        0x6f6c6c6568, 0x7060504030201, 0, 0, 77, 0};
    struct capnp_segment segments[SEGMENT_MAX];
    struct capnp_message message, value;
    struct schema_set set;
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, bytes, size);
    if (capnp_message_framed(&message, copy, size, segments, SEGMENT_MAX, NULL) == CAPNP_OK &&
        schema_set_open(&set, &message, entries, TYPES_ENTRIES) == CAPNP_OK) {
        require(schema_set_check(&set), "a set without order");
        for (uint32_t i = 0; i < set.count && i < DESCRIBED_MAX; i++) {
            struct output output;
            struct output_buffer buffer = {text, TYPES_TEXT, 0};
            struct dynamic_shape shape;
            output_begin_buffer(&output, &buffer);
            describe_node(&set, set.entries[i].node, &output);
            if (!dynamic_shape_open(&shape, &set, set.entries[i].id, NULL, NULL))
                continue;
            require(dynamic_shape_check(&shape), "a shape of something else");
            capnp_message_single(&value, words, sizeof words / 8);
            types_print(&set, set.entries[i].id, &value, (struct types_form){i & 1, i & 2}, text);
        }
    }
    free(copy);
    return 0;
}
