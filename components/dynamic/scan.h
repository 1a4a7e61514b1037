/* SPDX-License-Identifier: MIT */
/*
 * scan: a text that is being parsed, and what is wrong with it: line, column, what was expected.
 * What both parsers share is here too: numbers, and values that go to their place.
 */
#ifndef DYNAMIC_SCAN_H
#define DYNAMIC_SCAN_H
#include "decimal.h"
#include "dynamic_build.h"
#include "type_name.h"

enum { PARSE_ERROR_BYTES = 160 };

/* What is wrong. The text has no control characters and ends in NUL. */
struct parse_error {
    uint32_t line, column; /* from 1; columns count bytes */
    char text[PARSE_ERROR_BYTES];
};

/* How much a parser may do. */
struct parse_options {
    uint32_t depth_max; /* values in each other; 0: DYNAMIC_DEPTH_MAX */
    uint64_t work_max;  /* bytes looked at, fields compared; 0: DYNAMIC_WORK_MAX */
};

struct scan {
    const char *text;
    uint32_t length;
    uint32_t at; /* at most length */
    uint32_t depth;
    uint64_t work;
    bool failed;
    struct parse_error *error; /* filled at the first failure */
};

/* Begin at the text's first byte; `error` is kept. */
struct scan scan_begin(const char *text, uint32_t length, struct parse_options options,
                       struct parse_error *error);

/* Fail at byte `at` with a formatted sentence; only the first failure counts. Returns false. */
__attribute__((format(printf, 3, 4))) bool scan_fail(struct scan *scan, uint32_t at,
                                                     const char *form, ...);

/* Fail because `what` was expected and something else stands there. Returns false. */
bool scan_expected(struct scan *scan, const char *what);

/* Fail because of an error of the builder or the schema, unless it is CAPNP_OK. */
bool scan_built(struct scan *scan, uint32_t at, enum capnp_error error);

/* Pay for `work`; false, with a failure, when none is left or the scan failed before. */
bool scan_pay(struct scan *scan, uint64_t work);

/* Go one level deeper; false, with a failure, when that is too deep. */
bool scan_enter(struct scan *scan);
static inline void scan_leave(struct scan *scan)
{
    scan->depth++;
}

/* The byte `ahead` bytes on; NUL at the end. */
static inline char scan_peek(const struct scan *scan, uint32_t ahead)
{
    return ahead < scan->length - scan->at ? scan->text[scan->at + ahead] : '\0';
}

/* Take the byte if it is the next. */
static inline bool scan_take(struct scan *scan, char byte)
{
    if (scan->at == scan->length || scan->text[scan->at] != byte)
        return false;
    scan->at++;
    return true;
}

/* Is a byte a decimal digit; the value of a hexadecimal digit, or 16. */
static inline bool scan_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}
uint32_t scan_hex_digit(char byte);

/* A number as it was written. */
struct scan_number {
    uint32_t start;      /* where it begins, with its sign */
    bool is_negative;
    bool is_integer;     /* no point and no exponent */
    struct decimal value; /* its magnitude */
};

/*
 * Take digits with a point and an exponent (no sign before them). Fails when the first digit, or
 * that of an exponent, is missing.
 */
bool scan_decimal(struct scan *scan, struct scan_number *out);

/* Put a number where a scalar is; fails when it is out of an integer's range, or no integer where
 * one is needed. Float fields take any number; one that is too large is infinity. */
bool scan_put_number(struct scan *scan, const struct dynamic_place *place,
                     struct scan_number *number);

/* Put infinity or NaN where a float is. */
bool scan_put_special(struct scan *scan, const struct dynamic_place *place, bool is_nan,
                      bool is_negative);

/* Put an empty struct. A group is cleared: it shares its words with what was put there before. */
bool scan_put_struct(struct scan *scan, const struct dynamic_place *place,
                     struct dynamic_builder *out);

/* Is a type an integer, or a float. */
bool scan_is_integer(const struct dynamic_type *type);
bool scan_is_float(const struct dynamic_type *type);
#endif
