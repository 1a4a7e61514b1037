/* SPDX-License-Identifier: MIT */
#include "calendar.h"

enum {
    HOURS_24 = 0x02,
    BINARY = 0x04,
    AFTERNOON = 0x80,
    DAYS_PER_ERA = 146097, /* 400 years */
    DAYS_TO_1970 = 719468, /* from 0000-03-01 */
};

static unsigned decode(uint8_t value, uint8_t control)
{
    return control & BINARY ? value : (value >> 4) * 10u + (value & 15);
}

static unsigned decode_hour(const struct calendar_registers *registers)
{
    unsigned hour = decode(registers->hour & (uint8_t)~AFTERNOON, registers->control);
    if (registers->control & HOURS_24)
        return decode(registers->hour, registers->control);
    return hour % 12 + (registers->hour & AFTERNOON ? 12 : 0);
}

/* Days since 1970-01-01 of the Gregorian calendar; years begin in March, so that the leap day is
 * the
   last (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). */
static uint64_t days(unsigned year, unsigned month, unsigned day)
{
    year -= month <= 2;
    uint64_t era = year / 400, year_of_era = year % 400;
    uint64_t day_of_year = (153 * (month + (month > 2 ? -3u : 9u)) + 2) / 5 + day - 1;
    uint64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

bool calendar_seconds(const struct calendar_registers *registers, uint64_t *seconds)
{
    unsigned second = decode(registers->second, registers->control);
    unsigned minute = decode(registers->minute, registers->control);
    unsigned hour = decode_hour(registers);
    unsigned day = decode(registers->day, registers->control);
    unsigned month = decode(registers->month, registers->control);
    unsigned century = decode(registers->century, registers->control);
    unsigned year = decode(registers->year, registers->control);
    if (century < 19 || century > 29)
        century = 20;
    if (second > 59 || minute > 59 || hour > 23 || day < 1 || day > 31 || month < 1 ||
        month > 12 || year > 99)
        return false;
    year += century * 100;
    if (year < 1970)
        return false;
    *seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    return true;
}
