/* SPDX-License-Identifier: MIT */
/*
 * capnpc-c: the plugin of `capnp compile` that turns schemas into C.
 *
 * It reads a request (schema.capnp's CodeGeneratorRequest) from standard input and writes into the
 * folder that it is started in, which `capnp compile -o PATH/capnpc-c:FOLDER` chooses:
 * NAME.capnp.h and NAME.capnp.c for each file NAME.capnp, and the kernel's files for kernel.capnp.
 */
#include "kernel.h"
#include "output.h"

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

int main(void)
{
    struct schema_code_generator_request_requested_file_list files;
    request_read(stdin);
    request_check_prefixes();
    if (request_error_count() > 0)
        return 1;
    schema_code_generator_request_get_requested_files(request_root(), &files);
    for (uint32_t i = 0; i < schema_code_generator_request_requested_file_list_count(files); i++) {
        struct schema_code_generator_request_requested_file_reader file =
            schema_code_generator_request_requested_file_list_at(files, i);
        struct schema_node_reader node;
        uint64_t id = schema_code_generator_request_requested_file_get_id(file);
        if (!request_node(id, &node))
            request_fatal("the compiler sent no node for a file that it was asked for");
        if (id == REQUEST_FILE_KERNEL)
            generate_kernel(node);
        if (request_error_count() == 0)
            output_file(node);
    }
    return request_error_count() > 0;
}
