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
    bool has_capability;        /* has fields that are capabilities */
};

/* What `$idempotent` and `$deadline` say of a method. */
struct retry_policy {
    bool is_idempotent;
    uint32_t deadline_ms; /* 0: none */
};

/* A method. */
struct method {
    const char *c;    /* `weather_forecast` */
    const char *snake; /* `forecast` */
    const char *name; /* the same, as a member of a C struct */
    const char *path; /* `Weather.forecast` */
    uint32_t number;
    struct payload params, results;
    struct retry_policy retry;
    bool is_stream;
    char *comment;
};

/* Read the payload that a struct makes; `c` will be the name of its plain struct. */
struct payload interface_payload(struct structure structure, const char *c);

/* Read method `index` of an interface. */
struct method interface_method(struct schema_node_reader interface, uint32_t index);

/* How many methods it has. */
uint32_t interface_method_count(struct schema_node_reader interface);

#define ANCESTORS_MAX 64u

/* The interfaces that one inherits, directly or not, each once. */
struct ancestors {
    struct schema_node_reader items[ANCESTORS_MAX];
    uint32_t count;
};

/* Find them. */
struct ancestors interface_ancestors(struct schema_node_reader interface);

/* The parameters `params` and `results` of a function, each only if something travels. */
char *interface_arguments(const struct method *method, bool with_params, bool with_results);

/* Write the typed reference to an object of an interface, and what can be done with it. */
void reference_type(FILE *out, struct schema_node_reader node);
void reference_calls(FILE *out, struct schema_node_reader node);

/* Write an interface's server: for the header, and for the C file. */
void service_header(FILE *out, struct schema_node_reader node);
void service_code(FILE *out, struct schema_node_reader node);

/* Read the policy of a method. */
struct retry_policy retry_policy_of(struct schema_method_reader method);

/* Report what is wrong with the policies of an interface. */
void retry_check(struct schema_node_reader interface, bool is_kernel);

/* Has a method a policy: then its call is `NAME_once`, static, and retry_code writes the call that
 * follows the policy. */
bool retry_has(const struct method *method);
void retry_code(FILE *out, const char *c, const struct method *method);

/* Write, of a method with a deadline, the function that sends, for which `NAME_send_once` is there;
 * nothing for any other. */
void retry_send(FILE *out, const char *c, const struct method *method);

/* Write what waiting for a reply ends with that failed, as an expression. */
void retry_wait(FILE *out, const struct method *method);

/* Write the call of a request that was built in place, as an expression. */
void retry_built(FILE *out, const struct method *method);

/* Write, for a C file of its own, static functions build_X and read_X for the parameters and
 * results of an interface's methods, in the form of mock.h; and the value that describes one. */
void mock_codecs(FILE *out, struct schema_node_reader interface);
void mock_payload(FILE *out, const struct payload *payload);

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
