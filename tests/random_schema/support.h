/* SPDX-License-Identifier: MIT */
/*
 * What the C of print_driver.c uses: it draws values, puts them into messages, and writes them, or
 * what it reads, in the form of `capnp decode --short`.
 */
#ifndef SUPPORT_H
#define SUPPORT_H
#include "capnp_build.h"
#include "capnp_orphan.h"
#include "model.h"

#include <stdio.h>

enum { COPIES_MAX = 3 };

/* Where text goes, and values come from. */
struct say {
    FILE *out;
    struct random random;
    int depth; /* of structs, to end values */
    int copies; /* messages that are being made, to be copied; at most COPIES_MAX */
};

/* A struct, enum or scalar that lists are made of. */
struct element {
    enum kind kind;
    unsigned enumerants;
    uint32_t data_words, pointers;
    void (*fill)(struct say *say, struct capnp_builder *message, uint64_t *words);
    void (*dump)(struct say *say, struct capnp_struct from);
};

/* A schema of the drivers. */
struct driver {
    const char *name;
    const struct element *root;
};

/* Is there room for one more level of structs; the same answer for the same level. */
bool say_is_shallow(const struct say *say);

/* True when a pointer shall be set. */
bool say_chooses(struct say *say);

/* Write a field's name and what stands before it. */
void say_name(struct say *say, bool *is_first, const char *name);

/* Write a value of a scalar kind that was given as bits. */
void say_scalar(struct say *say, enum kind kind, unsigned enumerants, uint64_t bits);

void say_text(struct say *say, struct capnp_text text);
void say_data(struct say *say, struct capnp_data data);

/* The next value of a kind, as bits; one that prints in few digits, if it is of floating point. */
uint64_t draw_scalar(struct say *say, enum kind kind, unsigned enumerants);

/* Text and bytes, valid until the next of them. */
struct capnp_text draw_text(struct say *say);
struct capnp_data draw_data(struct say *say);

uint32_t draw_count(struct say *say);

/* Fill and write a list of lists `levels` deep, or write one that is read. */
void fill_list(struct say *say, const struct capnp_list_builder *list, int levels,
               const struct element *element);
void dump_list(struct say *say, const struct capnp_list *list, int levels,
               const struct element *element);

/*
 * Fill and write a value, `lists` times List() around an element, for an AnyPointer: in a message
 * of its own, to be copied, whose memory is taken until `say->copies` is decremented; or as an
 * orphan.
 */
void fill_copy(struct say *say, int lists, const struct element *element, struct capnp_any *value);
void fill_orphan(struct say *say, struct capnp_builder *message, int lists,
                 const struct element *element, struct capnp_orphan *orphan);

/* Write such a value that is read. */
void dump_any(struct say *say, const struct capnp_any *value, int lists,
              const struct element *element);

/* The element size in which lists of a kind are written. */
enum capnp_element element_of(enum kind kind, int levels);

/* The reader had no reason to refuse anything: end the program if it did. */
void expect_ok(enum capnp_error error);

/* A bit pattern as a float, and back. */
float float_of(uint32_t bits);
double double_of(uint64_t bits);

/* The drivers of a program: the list that it was made with, ended by a null name. */
extern const struct driver drivers[];
#endif
