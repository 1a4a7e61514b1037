/* SPDX-License-Identifier: MIT */
/*
 * capnpc-c: the plugin of `capnp compile` that turns schemas into C.
 *
 * It reads a request (schema.capnp's CodeGeneratorRequest) from standard input and writes into the
 * folder that --output names, or that it is started in: `capnp compile -o PATH/capnpc-c:FOLDER`:
 * NAME.capnp.h and NAME.capnp.c for each file NAME.capnp, and the kernel's files for kernel.capnp.
 */
#include "kernel.h"
#include "options.h"
#include "output.h"

#include <string.h>

static struct kernel_model kernel_model;

/* Write the kernel's files. */
static void generate_kernel(struct schema_node_reader file)
{
    kernel_model_read(&kernel_model, file);
    if (request_error_count() > 0)
        return;
    kernel_write_calls(&kernel_model);
    kernel_write_handlers(&kernel_model);
    kernel_write_stubs(&kernel_model);
    kernel_write_names(&kernel_model);
}

/* The node of requested file `index`. */
static struct schema_node_reader
requested(struct schema_code_generator_request_requested_file_list files, uint32_t index)
{
    uint64_t id = schema_code_generator_request_requested_file_get_id(
        schema_code_generator_request_requested_file_list_at(files, index));
    return request_node_must(id, "a file that it was asked for");
}

/* End the program if two files would be written under one name. */
static void check_stems(struct schema_code_generator_request_requested_file_list files)
{
    for (uint32_t i = 0; i < schema_code_generator_request_requested_file_list_count(files); i++)
        for (uint32_t k = 0; k < i; k++) {
            struct schema_node_reader node = requested(files, i), other = requested(files, k);
            if (strcmp(request_stem(node), request_stem(other)) == 0)
                request_fatal("%s and %s both become %s.capnp.h; let one of them say $C.folder, or "
                              "compile them into two folders", request_file_name(other),
                              request_file_name(node), request_stem(node));
        }
}

int main(int count, char **arguments)
{
    struct schema_code_generator_request_requested_file_list files;
    options_read(count, arguments);
    request_read(stdin);
    options_check();
    request_check_names();
    if (request_error_count() > 0)
        return 1;
    schema_code_generator_request_get_requested_files(request_root(), &files);
    check_stems(files);
    for (uint32_t i = 0; i < schema_code_generator_request_requested_file_list_count(files); i++) {
        struct schema_node_reader node = requested(files, i);
        if (schema_node_get_id(node) == REQUEST_FILE_KERNEL)
            generate_kernel(node);
        if (request_error_count() == 0)
            output_file(node);
    }
    return request_error_count() > 0;
}
