/* SPDX-License-Identifier: MIT */
/* The parts of NAME.capnp.h and NAME.capnp.c; each writes to a stream. */
#ifndef OUTPUT_H
#define OUTPUT_H
#include "type.h"

/* Write NAME.capnp.h and NAME.capnp.c for a file. */
void output_file(struct schema_node_reader file);

/* Write the types of a struct or group: reader, builder, lists, the union's tags, sizes. */
void output_struct_types(FILE *out, struct schema_node_reader node);

/* Write the functions that read a struct or group. */
void output_readers(FILE *out, struct schema_node_reader node);

/* Write the functions that build a struct or group. */
void output_builders(FILE *out, struct schema_node_reader node);

/* Write an enum. */
void output_enum(FILE *out, struct schema_node_reader node);

/* Declare a constant, or the pointer defaults of a struct's fields. */
void output_constant_declaration(FILE *out, struct schema_node_reader node);
void output_default_declarations(FILE *out, struct schema_node_reader node);

/* Define what those declare. */
void output_constant_definition(FILE *out, struct schema_node_reader node);
void output_default_definitions(FILE *out, struct schema_node_reader node);

/* Write an interface's part of the header and of the C file. */
void output_interface_header(FILE *out, struct schema_node_reader node);
void output_interface_code(FILE *out, struct schema_node_reader node);
#endif
