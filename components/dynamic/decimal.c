/* SPDX-License-Identifier: MIT */
/* The shifts work digit by digit as one does on paper; see the header for why that is exact. */
#include "decimal.h"

#include <assert.h>
#include <stddef.h>

/* A remainder below 2^60 times ten, and a digit shifted by 60 with its carry, fit in 64 bits. */
enum { SHIFT_MAX = 60, EXPONENT_LIMIT = 100000, POINT_MAX = 400 };

const struct decimal_format decimal_float32 = {23, 8, 6, 8, true};
const struct decimal_format decimal_float64 = {52, 11, 15, 17, false};

bool decimal_check(const struct decimal *decimal)
{
    if (decimal->count > DECIMAL_DIGITS_MAX)
        return false;
    for (uint32_t i = 0; i < decimal->count; i++)
        if (decimal->digits[i] > 9)
            return false;
    return decimal->count == 0 ||
           (decimal->digits[0] != 0 && decimal->digits[decimal->count - 1] != 0);
}

static void trim(struct decimal *decimal)
{
    while (decimal->count > 0 && decimal->digits[decimal->count - 1] == 0)
        decimal->count--;
    if (decimal->count == 0)
        decimal->point = 0;
}

void decimal_start(struct decimal *decimal)
{
    decimal->count = 0;
    decimal->point = 0;
    decimal->truncated = false;
}

void decimal_add(struct decimal *decimal, uint32_t digit)
{
    assert(digit <= 9);
    if (decimal->count == 0 && digit == 0)
        decimal->point--; /* it only moves the point */
    else if (decimal->count < DECIMAL_DIGITS_MAX)
        decimal->digits[decimal->count++] = (uint8_t)digit;
    else
        decimal->truncated = decimal->truncated || digit != 0;
}

void decimal_end(struct decimal *decimal, int64_t point, int64_t exponent)
{
    int64_t sum = point + exponent + decimal->point;
    if (sum > EXPONENT_LIMIT)
        sum = EXPONENT_LIMIT; /* infinity or 0 in any format */
    if (sum < -EXPONENT_LIMIT)
        sum = -EXPONENT_LIMIT;
    decimal->point = (int32_t)sum;
    trim(decimal);
    assert(decimal_check(decimal));
}

/* Divide by two to the `bits`: a long division whose quotient takes the dividend's place. */
static void shift_right(struct decimal *decimal, uint32_t bits)
{
    uint64_t rest = 0, mask = (UINT64_C(1) << bits) - 1;
    uint32_t count = 0;
    bool truncated = decimal->truncated;
    assert(bits <= SHIFT_MAX);
    for (uint32_t i = 0; i < decimal->count || rest != 0; i++) {
        rest = rest * 10 + (i < decimal->count ? decimal->digits[i] : 0);
        uint8_t digit = (uint8_t)(rest >> bits);
        rest &= mask;
        if (count == 0 && digit == 0)
            decimal->point--;
        else if (count < DECIMAL_DIGITS_MAX)
            decimal->digits[count++] = digit;
        else
            truncated = truncated || digit != 0;
    }
    decimal->count = count;
    decimal->truncated = truncated;
    trim(decimal);
}

/* Multiply by two to the `bits`: in place from the last digit, then the carry goes to the front. */
static void shift_left(struct decimal *decimal, uint32_t bits)
{
    uint64_t carry = 0;
    uint32_t more = 0, count = decimal->count;
    assert(bits <= SHIFT_MAX);
    for (uint32_t i = count; i-- > 0;) {
        carry += (uint64_t)decimal->digits[i] << bits;
        decimal->digits[i] = (uint8_t)(carry % 10);
        carry /= 10;
    }
    for (uint64_t left = carry; left != 0; left /= 10)
        more++;
    for (uint32_t i = count; i-- > 0;) {
        if (i + more < DECIMAL_DIGITS_MAX)
            decimal->digits[i + more] = decimal->digits[i];
        else if (decimal->digits[i] != 0)
            decimal->truncated = true;
    }
    for (uint32_t i = more; i-- > 0; carry /= 10)
        decimal->digits[i] = (uint8_t)(carry % 10);
    count += more;
    decimal->count = count < DECIMAL_DIGITS_MAX ? count : DECIMAL_DIGITS_MAX;
    decimal->point += (int32_t)more;
    trim(decimal);
}

/* Multiply by two to the `bits`, of any size and sign. */
static void shift(struct decimal *decimal, int32_t bits)
{
    bool left = bits > 0;
    uint32_t rest = left ? (uint32_t)bits : (uint32_t)-bits;
    while (rest > 0 && decimal->count > 0) {
        uint32_t now = rest < SHIFT_MAX ? rest : SHIFT_MAX;
        if (left)
            shift_left(decimal, now);
        else
            shift_right(decimal, now);
        rest -= now;
    }
}

/* Does the number become larger in magnitude when it is cut to `count` digits and rounded. */
static bool rounds_up(const struct decimal *decimal, uint32_t count)
{
    if (count >= decimal->count)
        return false;
    if (decimal->digits[count] == 5 && count + 1 == decimal->count && !decimal->truncated)
        return count > 0 && decimal->digits[count - 1] % 2 != 0; /* half way: to even */
    return decimal->digits[count] >= 5;
}

void decimal_round(struct decimal *decimal, uint32_t count)
{
    bool up = rounds_up(decimal, count);
    if (count >= decimal->count)
        return;
    decimal->truncated = false;
    while (up && count > 0 && decimal->digits[count - 1] == 9)
        count--;
    decimal->count = count;
    if (up && count > 0) {
        decimal->digits[count - 1]++;
    } else if (up) {
        decimal->digits[0] = 1;
        decimal->count = 1;
        decimal->point++;
    }
    trim(decimal);
}

/* The nearest integer, half way to even; the number is below 2^62. */
static uint64_t to_nearest(const struct decimal *decimal)
{
    uint64_t value = 0;
    if (decimal->point < 0)
        return 0;
    uint32_t count = (uint32_t)decimal->point;
    assert(count <= 19);
    for (uint32_t i = 0; i < count; i++)
        value = value * 10 + (i < decimal->count ? decimal->digits[i] : 0);
    return value + rounds_up(decimal, count);
}

void decimal_from_bits(struct decimal *decimal, uint64_t bits, struct decimal_format format)
{
    uint64_t fraction = bits & ((UINT64_C(1) << format.fraction_bits) - 1);
    uint32_t exponent_mask = (1u << format.exponent_bits) - 1;
    int32_t exponent = (int32_t)(bits >> format.fraction_bits & exponent_mask);
    uint8_t reversed[20];
    uint32_t count = 0;
    if (exponent == 0)
        exponent = 1; /* denormal: no hidden bit */
    else
        fraction |= UINT64_C(1) << format.fraction_bits;
    decimal_start(decimal);
    for (; fraction != 0; fraction /= 10)
        reversed[count++] = (uint8_t)(fraction % 10);
    for (uint32_t i = count; i-- > 0;)
        decimal_add(decimal, reversed[i]);
    decimal_end(decimal, count, 0);
    shift(decimal, exponent - (int32_t)(exponent_mask >> 1) - format.fraction_bits);
    assert(decimal_check(decimal));
}

/* Bring the number into [1/2, 1) by powers of two; returns how many were taken out. */
static int32_t normalize(struct decimal *decimal)
{
    int32_t exponent = 0;
    while (decimal->point > 0) {
        /* It is at least ten to the (point - 1), so at least two to three times that. */
        int32_t bits = decimal->point == 1 ? 1 : 3 * (decimal->point - 1);
        bits = bits < SHIFT_MAX ? bits : SHIFT_MAX;
        shift_right(decimal, (uint32_t)bits);
        exponent += bits;
    }
    while (decimal->point < 0 || decimal->digits[0] < 5) {
        int32_t bits = decimal->point == 0 ? 1 : -3 * decimal->point;
        bits = bits < SHIFT_MAX ? bits : SHIFT_MAX;
        shift_left(decimal, (uint32_t)bits);
        exponent -= bits;
    }
    return exponent;
}

uint64_t decimal_to_bits(struct decimal *decimal, struct decimal_format format)
{
    int32_t exponent_max = (1 << format.exponent_bits) - 1, bias = exponent_max >> 1;
    uint64_t infinity = (uint64_t)exponent_max << format.fraction_bits;
    if (decimal->count > 0 && decimal->point > POINT_MAX)
        return infinity;
    if (decimal->count == 0 || decimal->point < -POINT_MAX)
        return 0;
    int32_t exponent = normalize(decimal) - 1 + bias; /* as stored, if the number is normal */
    if (exponent < 1) {
        shift(decimal, exponent - 1);
        exponent = 1;
    }
    shift(decimal, 1 + format.fraction_bits);
    uint64_t fraction = to_nearest(decimal);
    /* The hidden bit adds one to the exponent, and so does a carry out of the fraction. */
    uint64_t bits = ((uint64_t)(exponent - 1) << format.fraction_bits) + fraction;
    return exponent >= exponent_max || bits >= infinity ? infinity : bits;
}

bool decimal_to_integer(const struct decimal *decimal, uint64_t *out)
{
    uint64_t value = 0;
    if (decimal->truncated || (decimal->count > 0 && decimal->point < (int32_t)decimal->count))
        return false;
    for (int32_t i = 0; i < decimal->point; i++) {
        uint64_t digit = (uint32_t)i < decimal->count ? decimal->digits[i] : 0;
        if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
            __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *out = value;
    return true;
}

/* Does a decimal name the number of these bits. */
static bool names(const struct decimal *decimal, uint64_t bits, struct decimal_format format)
{
    struct decimal copy = *decimal;
    return decimal_to_bits(&copy, format) == bits;
}

/* Write a decimal of few digits as C's "%g" does: fixed, or with an exponent when that is below -4
 * or not below `precision`. The exponent has no plus, and two digits at least. */
static uint32_t write(char *to, const struct decimal *decimal, int32_t precision)
{
    char *at = to;
    int32_t exponent = decimal->count == 0 ? 0 : decimal->point - 1;
    bool is_fixed = exponent >= -4 && exponent < precision;
    int32_t before = is_fixed ? exponent + 1 : 1; /* digits before the point */
    int32_t count = (int32_t)decimal->count;
    if (before <= 0)
        *at++ = '0';
    for (int32_t i = 0; i < before; i++)
        *at++ = (char)('0' + (i < count ? decimal->digits[i] : 0));
    if (count > before)
        *at++ = '.';
    for (int32_t i = before; i < count; i++)
        *at++ = (char)('0' + (i >= 0 ? decimal->digits[i] : 0));
    if (is_fixed)
        return (uint32_t)(at - to);
    *at++ = 'e';
    if (exponent < 0)
        *at++ = '-';
    uint32_t size = (uint32_t)(exponent < 0 ? -exponent : exponent);
    if (size >= 100)
        *at++ = (char)('0' + size / 100);
    *at++ = (char)('0' + size / 10 % 10);
    *at++ = (char)('0' + size % 10);
    return (uint32_t)(at - to);
}

uint32_t decimal_print(char *to, uint64_t bits, struct decimal_format format)
{
    struct decimal exact, rounded;
    uint64_t sign = UINT64_C(1) << (format.fraction_bits + format.exponent_bits);
    uint64_t infinity = ((UINT64_C(1) << format.exponent_bits) - 1) << format.fraction_bits;
    uint64_t magnitude = bits & (sign - 1);
    char *at = to;
    if ((bits & sign) && magnitude <= infinity)
        *at++ = '-';
    if (magnitude >= infinity) {
        const char *name = magnitude == infinity ? "inf" : "nan";
        for (uint32_t i = 0; i < 3; i++)
            *at++ = name[i];
        return (uint32_t)(at - to);
    }
    decimal_from_bits(&exact, magnitude, format);
    uint32_t precision = format.digits_short;
    rounded = exact;
    decimal_round(&rounded, precision);
    bool is_denormal = magnitude != 0 && magnitude >> format.fraction_bits == 0;
    if (!names(&rounded, magnitude, format) || (is_denormal && format.denormal_long)) {
        precision = format.digits_long;
        rounded = exact;
        decimal_round(&rounded, precision);
    }
    uint32_t length = write(at, &rounded, (int32_t)precision) + (uint32_t)(at - to);
    assert(length <= DECIMAL_TEXT_MAX);
    return length;
}
