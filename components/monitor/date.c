/* SPDX-License-Identifier: MIT */
#include "date.h"

#include "format.h"

#define LAST_SECOND UINT64_C(253402300799) /* of the year 9999 */

enum {
    DAY_SECONDS = 86400,
    DAYS_TO_1970 = 719468, /* from 0000-03-01 */
    DAYS_PER_ERA = 146097, /* 400 years */
};

bool date_write(char to[DATE_BYTES], uint64_t seconds)
{
    if (seconds > LAST_SECOND)
        return false;
    /* Years begin in March, so that the leap day is last (H. Hinnant, "chrono-compatible low-level
     * date algorithms", civil_from_days). */
    unsigned days = (unsigned)(seconds / DAY_SECONDS) + DAYS_TO_1970;
    unsigned second = (unsigned)(seconds % DAY_SECONDS);
    unsigned era = days / DAYS_PER_ERA, day = days % DAYS_PER_ERA;
    unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    unsigned month = (5 * day + 2) / 153;
    day -= (153 * month + 2) / 5;
    year += 400 * era + (month >= 10);
    month = month < 10 ? month + 3 : month - 9;
    format(to, DATE_BYTES, "%04u-%02u-%02uT%02u:%02u:%02uZ", year, month, day + 1, second / 3600,
           second / 60 % 60, second % 60);
    return true;
}
