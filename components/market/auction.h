/* SPDX-License-Identifier: MIT */
/*
 * auction: how the slots of a round are divided among those who pay for them, and at what price.
 *
 * All of the supply goes to the bidders, in proportion to what each has paid for the period, so the
 * price is what all have paid by the number of slots: it rises with demand, and nobody can get a
 * slot cheaper than another (the proportional share of Kelly, "Charging and rate control for
 * elastic traffic", 1997). Fractions of slots go to the largest remainders (Hamilton's method).
 */
#ifndef MARKET_AUCTION_H
#define MARKET_AUCTION_H

#include <stdbool.h>
#include <stdint.h>

enum { AUCTION_BIDDERS_MAX = 32, AUCTION_SUPPLY_MAX = 1024, AUCTION_PERIODS_MAX = 64 };

struct auction_bidder {
    uint64_t bid;      /* for each period */
    uint64_t paid_now; /* for the period that begins; at most its bid */
    uint64_t paid;     /* for all periods before */
    uint32_t slots;    /* of a round in this period */
};

struct auction_period {
    uint64_t demand, paid, price;
    uint32_t sold;
};

struct auction {
    uint32_t supply;
    uint64_t periods; /* that have begun */
    struct auction_bidder bidder[AUCTION_BIDDERS_MAX];
    struct auction_period history[AUCTION_PERIODS_MAX]; /* a ring, by number of the period */
};

/* Start with a supply of 1 to AUCTION_SUPPLY_MAX slots and nobody who bids. */
void auction_start(struct auction *auction, uint32_t supply);

/*
 * Begin a period: whoever has paid (paid_now) gets slots, and what was paid counts as such. When
 * nobody has, nothing is sold. Bids are at most MARKET_BID_MAX, so no sum can overflow.
 */
void auction_begin_period(struct auction *auction);

/* The period `back` before the one that has begun last; null when there was none, or it is too far
 * back. */
const struct auction_period *auction_period(const struct auction *auction, uint64_t back);

/* Are all slots sold or none, to those who paid, and does the history say the same? */
bool auction_check(const struct auction *auction);

#endif
