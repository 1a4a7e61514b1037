/* SPDX-License-Identifier: MIT */
/* The parts of NAME.capnp.h and NAME.capnp.c; each writes to a stream. */
#ifndef OUTPUT_H
#define OUTPUT_H
#include "type.h"

/* Write NAME.capnp.h, NAME.capnp.c and NAME_layout.h for a file. */
void output_file(struct schema_node_reader file);

/* Write the sizes of a struct, and where its fields lie if it has no pointers: such structs are
 * also layouts of memory, and NAME_layout.h serves those who include no more than it. */
void output_layout(FILE *out, struct schema_node_reader node);

/* Write the types of a struct or group: reader, builder, lists, the union's tags. */
void output_struct_types(FILE *out, struct schema_node_reader node);

/* Write the functions that read a struct or group. */
void output_readers(FILE *out, struct schema_node_reader node);

/* Write the functions that build a struct or group. */
void output_builders(FILE *out, struct schema_node_reader node);

/* Write an enum. */
void output_enum(FILE *out, struct schema_node_reader node);

/* Write a constant that is a number, for NAME_layout.h. */
void output_constant_number(FILE *out, struct schema_node_reader node);

/* Declare any other constant, or the pointer defaults of a struct's fields. */
void output_constant_declaration(FILE *out, struct schema_node_reader node);
void output_default_declarations(FILE *out, struct schema_node_reader node);

/* Define what those declare. */
void output_constant_definition(FILE *out, struct schema_node_reader node);
void output_default_definitions(FILE *out, struct schema_node_reader node);

/* Write an interface's part of the header and of the C file. */
void output_interface_header(FILE *out, struct schema_node_reader node);
void output_interface_code(FILE *out, struct schema_node_reader node);

/* Write the hash of an interface's schema (header), and the schema for the composer (C file). */
void output_schema_hash(FILE *out, struct schema_node_reader node);
void output_schema(FILE *out, struct schema_node_reader node);
#endif
