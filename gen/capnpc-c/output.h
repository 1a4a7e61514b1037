/* SPDX-License-Identifier: MIT */
/* The parts of NAME.capnp.h and NAME.capnp.c; each writes to a stream. */
#ifndef OUTPUT_H
#define OUTPUT_H
#include "nodes.h"

/* Write NAME.capnp.h, NAME.capnp.c and NAME_layout.h for a file. */
void output_file(struct schema_node_reader file);

/* Read a header again that was written to this stream, and note the C names that it defines. */
void output_check_read(FILE *header);

/* Report each C name that was noted twice since the last call: of accessors and declarations, say
 * field `whichOne` of a struct `A` and the union of a struct `A.GetOne`. */
void output_check(struct schema_node_reader file);

/* Begin, and end, what a C++ compiler must read as C. */
void output_c_begin(FILE *out);
void output_c_end(FILE *out);

/* Write the sizes of a struct, and where its fields lie if it has no pointers: such structs are
 * also layouts of memory, and NAME_layout.h serves those who include no more than it. */
void output_layout(FILE *out, const struct structure *structure);

/* Write the types of a struct or group: reader, builder, lists, the union's tags. */
void output_struct_types(FILE *out, const struct structure *structure);

/* Write the functions that read a struct or group. */
void output_readers(FILE *out, const struct structure *structure);

/* Write the functions that build a struct or group. */
void output_builders(FILE *out, const struct structure *structure);

/* Write an enum. */
void output_enum(FILE *out, struct schema_node_reader node);

/* Write a constant that is a number, for NAME_layout.h. */
void output_constant_number(FILE *out, struct schema_node_reader node);

/* Declare any other constant, or the pointer defaults of a struct's fields. */
void output_constant_declaration(FILE *out, struct schema_node_reader node);
void output_default_declarations(FILE *out, const struct structure *structure);

/* Write the functions that read a constant which is a struct, a list or an AnyPointer. */
void output_constant_reader(FILE *out, struct schema_node_reader node);

/* Write a value as a macro; a struct, list or AnyPointer is declared as a message instead. */
void output_value(FILE *out, const char *name, const struct type *type,
                  struct schema_value_reader value);

/* Is a value of a type a message: words that are defined elsewhere. */
bool output_value_needs_words(const struct type *type);

/* Define that message. */
void output_value_definition(FILE *out, const char *name, struct schema_value_reader value);

/* Write the ids of a file's annotations and the values of those that are on a node and its members,
 * and define the values that are messages. */
void output_annotations(FILE *out, struct schema_node_reader node);
void output_annotation_definitions(FILE *out, struct schema_node_reader node);

/* Define what those declare. */
void output_constant_definition(FILE *out, struct schema_node_reader node);
void output_default_definitions(FILE *out, const struct structure *structure);

/* Write an interface's part of the header and of the C file. */
void output_interface_header(FILE *out, struct schema_node_reader node);
void output_interface_code(FILE *out, struct schema_node_reader node);

/* Write the hash of an interface's schema (header), and the schema for the composer (C file). */
void output_schema_hash(FILE *out, struct schema_node_reader node);
void output_schema(FILE *out, struct schema_node_reader node);

/* Write NAME_mock.h and NAME_mock.c for a file that has interfaces. */
void output_mock(struct schema_node_reader file, const struct nodes *nodes);

/* Write NAME_fuzz.c, what tests/fuzz/interface.h needs to know of a file's interfaces. */
void output_fuzz(struct schema_node_reader file, const struct nodes *nodes);

/* Write a comment that stands before a declaration; nothing if it is empty. */
void write_comment(FILE *out, const char *comment);

/* As write_comment, for one that is indented. */
void write_comment_in(FILE *out, const char *indent, const char *comment);

/* Write a text or bytes as the inner part of a C string literal. */
void write_escaped(FILE *out, const uint8_t *bytes, uint32_t length);
#endif
