/* SPDX-License-Identifier: MIT */
/*
 * The reader of recordings: the input is a file of idl/recording.capnp, all of which is printed.
 * What is printed has a line for each entry, and an error is said in plain characters.
 */
#include "speech.h"
#include "types.h"

enum { RECORDING_TEXT = 1 << 16, INPUT_MAX = 4096 };

int LLVMFuzzerInitialize(int *argument_count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct arena kept;
static struct host_bytes schemas;

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
    const char *slash = strrchr((*arguments)[0], '/');
    (void)argument_count;
    const char *path = arena_text(&kept, "%.*ssample.schema",
                                  slash ? (int)(slash - (*arguments)[0]) + 1 : 0, (*arguments)[0]);
    require(host_read(&kept, path, &schemas), path);
    return 0;
}

static uint32_t count_lines(const char *text, uint32_t length)
{
    uint32_t lines = 0;
    for (uint32_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct recording recording;
    static struct speech speech;
    static char text[RECORDING_TEXT];
    struct output_buffer buffer = {text, RECORDING_TEXT, 0};
    struct output output;
    struct recording_item item;
    struct arena arena = {NULL};
    if (size > INPUT_MAX)
        return -1;
    uint64_t *words = malloc(size ? size : 1); /* exact, for the sanitizer */
    memcpy(words, bytes, size);
    output_begin_buffer(&output, &buffer);
    uint32_t lines = 0;
    if (recording_open(&recording, (struct host_bytes){(const uint8_t *)words, size}, &arena)) {
        require(recording_check(&recording), "all channels belong to a side");
        require(!speech_open(&speech, &recording, schemas, &arena), "the schema is good");
        for (; recording_next(&recording, &item) == RECORDING_ENTRY; lines++) {
            speech_print(&speech, &item, &output);
            output_byte(&output, '\n');
        }
    }
    require(output.count > RECORDING_TEXT || count_lines(text, buffer.used) == lines,
            "each entry is one line");
    for (const char *at = recording.error; *at; at++)
        require(*at >= ' ' && *at < 127, "an error is plain text");
    arena_free(&arena);
    free(words);
    return 0;
}
