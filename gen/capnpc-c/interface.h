/* SPDX-License-Identifier: MIT */
/* The model of an interface's methods, and the codec of their messages. */
#ifndef INTERFACE_H
#define INTERFACE_H
#include "type.h"

/* The parameters or results of a method. */
struct payload {
    const char *c;              /* the C name of the plain struct: `weather_forecast_params` */
    struct structure structure; /* the struct that travels */
    bool is_empty;              /* nothing travels */
    bool is_complex;            /* has a union or groups: the plain struct holds only its reader */
    bool has_slow;              /* has fields that only the general reader reads */
    bool is_plain;              /* of no method: needs no rpc.h, capabilities are positions */
};

/* A method. */
struct method {
    const char *c;    /* `weather_forecast` */
    const char *name; /* `forecast`, as a member of a C struct */
    const char *path; /* `Weather.forecast` */
    uint32_t number;
    struct payload params, results;
    char *comment;
};

/* Read the payload that a struct makes; `c` will be the name of its plain struct. */
struct payload interface_payload(struct structure structure, const char *c);

/* Read method `index` of an interface. */
struct method interface_method(struct schema_node_reader interface, uint32_t index);

/* How many methods it has. */
uint32_t interface_method_count(struct schema_node_reader interface);

/* Write the plain struct of a payload. */
void codec_struct(FILE *out, const struct payload *payload);

/* Write the functions that build a payload's message and read it: static, for one C file. */
void codec_encode(FILE *out, const struct payload *payload);
void codec_decode(FILE *out, const struct payload *payload);

/* Write the plain struct of a schema's struct that has only scalars, texts, bytes and capabilities,
 * and the two functions X_encode and X_decode; nothing for any other. */
void codec_plain_header(FILE *out, struct schema_node_reader node);
void codec_plain_code(FILE *out, struct schema_node_reader node);

/* The C type of a plain struct's member, and its name. */
char *codec_member_type(const struct field *field);
char *codec_member_name(const struct field *field);

/* Write NAME_probe.c: a program that calls an interface's first method with sample values. */
void output_probe(struct schema_node_reader file, struct schema_node_reader interface);
#endif
