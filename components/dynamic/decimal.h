/* SPDX-License-Identifier: MIT */
/*
 * decimal: exact conversion between IEEE 754 numbers and decimal digits, on integers alone.
 *
 * A decimal is the number 0.d0 d1 d2 ... times ten to the `point`. Multiplying or dividing it by a
 * power of two is exact while the digits suffice, and they suffice for each double (767 digits).
 * So both directions are right to the last digit, without tables and without floating point.
 */
#ifndef DYNAMIC_DECIMAL_H
#define DYNAMIC_DECIMAL_H
#include <stdbool.h>
#include <stdint.h>

enum { DECIMAL_DIGITS_MAX = 800, DECIMAL_TEXT_MAX = 32 };

/* One number. The first digit is not 0 unless count is 0, and neither is the last. */
struct decimal {
    uint32_t count;
    int32_t point;
    bool truncated; /* digits that are not 0 were dropped behind the last */
    uint8_t digits[DECIMAL_DIGITS_MAX];
};

/* What a binary format looks like. */
struct decimal_format {
    uint8_t fraction_bits; /* stored ones */
    uint8_t exponent_bits;
    uint8_t digits_short; /* tried first when it is printed */
    uint8_t digits_long;  /* used when those do not name the same number */
    bool denormal_long;   /* and for each denormal number */
};

extern const struct decimal_format decimal_float32, decimal_float64;

/* The invariants of `struct decimal`. */
bool decimal_check(const struct decimal *decimal);

/* Begin with the number 0, then add its digits from the front, then say where the point is. */
void decimal_start(struct decimal *decimal);
/* Add a digit (0 to 9) behind the last. What does not fit only sets `truncated`. */
void decimal_add(struct decimal *decimal, uint32_t digit);
/* End a number whose digits were added: `point` digits stand before the point, and the number is to
 * be multiplied by ten to the `exponent`. Leading and closing zeros go. */
void decimal_end(struct decimal *decimal, int64_t point, int64_t exponent);

/* The digits of a finite number's magnitude, whose bits are `bits`; its sign does not matter. */
void decimal_from_bits(struct decimal *decimal, uint64_t bits, struct decimal_format format);

/* The bits of the number nearest to a decimal, of even fraction when two are; the sign bit is 0.
 * Infinity when it is too large. The decimal is used up. */
uint64_t decimal_to_bits(struct decimal *decimal, struct decimal_format format);

/* Round to at most `count` digits, to even when it is half way. */
void decimal_round(struct decimal *decimal, uint32_t count);

/* The decimal's integer value if it is one and at most UINT64_MAX; otherwise false. */
bool decimal_to_integer(const struct decimal *decimal, uint64_t *out);

/*
 * Print the number of these bits as the C++ implementation of Cap'n Proto does (kj::str): the
 * short number of digits if they name the same number, otherwise the long one; "inf", "-inf",
 * "nan". Returns the length; `to` has DECIMAL_TEXT_MAX bytes and is not ended by NUL.
 */
uint32_t decimal_print(char *to, uint64_t bits, struct decimal_format format);
#endif
