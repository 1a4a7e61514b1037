/* SPDX-License-Identifier: MIT */
#include "auction.h"

#include <assert.h>
#include <stddef.h>

#include "market.capnp.h"

void auction_start(struct auction *auction, uint32_t supply)
{
    assert(supply > 0);
    assert(supply <= AUCTION_SUPPLY_MAX);
    *auction = (struct auction){.supply = supply};
}

/*
 * Whole slots first, then one more for the largest remainders, the first of equal ones. There are
 * fewer slots left over than remainders that are not 0, so who paid nothing gets nothing.
 */
static void divide(struct auction *auction, uint64_t sum)
{
    uint64_t remainder[AUCTION_BIDDERS_MAX];
    uint32_t left = auction->supply;
    for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++) {
        struct auction_bidder *bidder = &auction->bidder[i];
        bidder->slots = (uint32_t)(bidder->paid_now * auction->supply / sum);
        remainder[i] = bidder->paid_now * auction->supply % sum;
        left -= bidder->slots;
    }
    for (; left > 0; left--) {
        uint32_t largest = 0;
        for (uint32_t i = 1; i < AUCTION_BIDDERS_MAX; i++)
            if (remainder[i] > remainder[largest])
                largest = i;
        assert(remainder[largest] > 0);
        remainder[largest] = 0;
        auction->bidder[largest].slots++;
    }
}

void auction_begin_period(struct auction *auction)
{
    struct auction_period period = {0};
    for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++) {
        struct auction_bidder *bidder = &auction->bidder[i];
        assert(bidder->bid <= MARKET_BID_MAX);
        assert(bidder->paid_now <= bidder->bid);
        period.demand += bidder->bid;
        period.paid += bidder->paid_now;
        bidder->paid += bidder->paid_now;
        bidder->slots = 0;
    }
    if (period.paid > 0) {
        divide(auction, period.paid);
        period.sold = auction->supply;
        period.price = period.paid / auction->supply;
    }
    auction->history[auction->periods++ % AUCTION_PERIODS_MAX] = period;
    assert(auction_check(auction));
}

const struct auction_period *auction_period(const struct auction *auction, uint64_t back)
{
    if (back >= auction->periods || back >= AUCTION_PERIODS_MAX)
        return NULL;
    return &auction->history[(auction->periods - 1 - back) % AUCTION_PERIODS_MAX];
}

bool auction_check(const struct auction *auction)
{
    const struct auction_period *last = auction_period(auction, 0);
    uint32_t slots = 0;
    for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++) {
        const struct auction_bidder *bidder = &auction->bidder[i];
        if (bidder->slots > 0 && (bidder->paid_now == 0 || bidder->paid < bidder->paid_now))
            return false;
        slots += bidder->slots;
    }
    return last == NULL ? slots == 0
                        : slots == last->sold && last->paid <= last->demand &&
                              last->sold == (last->paid > 0 ? auction->supply : 0);
}
