/* SPDX-License-Identifier: MIT */
/*
 * Host tests of the auction. Seen to fail: fractions that go to the first bidder; a remainder that
 * is given out twice.
 */
#include <CUnit/Basic.h>
#include <stdlib.h>

#include "auction.h"
#include "market.capnp.h"

static struct auction auction;

static void pay(uint32_t bidder, uint64_t amount)
{
    auction.bidder[bidder].bid = amount;
    auction.bidder[bidder].paid_now = amount;
}

static void test_proportion(void)
{
    auction_start(&auction, 20);
    CU_ASSERT_PTR_NULL(auction_period(&auction, 0));
    auction_begin_period(&auction);
    CU_ASSERT_EQUAL(auction_period(&auction, 0)->sold, 0);
    pay(3, 600);
    pay(7, 300);
    pay(9, 100);
    auction_begin_period(&auction);
    CU_ASSERT_EQUAL(auction.bidder[3].slots, 12);
    CU_ASSERT_EQUAL(auction.bidder[7].slots, 6);
    CU_ASSERT_EQUAL(auction.bidder[9].slots, 2);
    CU_ASSERT_EQUAL(auction_period(&auction, 0)->price, 50);
    pay(3, 1200); /* demand rises, and so does the price */
    auction.bidder[9].paid_now = 0; /* it could not pay */
    auction_begin_period(&auction);
    CU_ASSERT_EQUAL(auction.bidder[3].slots, 16);
    CU_ASSERT_EQUAL(auction.bidder[7].slots, 4);
    CU_ASSERT_EQUAL(auction.bidder[9].slots, 0);
    CU_ASSERT_EQUAL(auction_period(&auction, 0)->price, 75);
    CU_ASSERT_EQUAL(auction_period(&auction, 0)->demand, 1600);
    CU_ASSERT_EQUAL(auction_period(&auction, 1)->price, 50);
    CU_ASSERT_EQUAL(auction.bidder[3].paid, 1800);
    CU_ASSERT(auction_check(&auction));
    auction.bidder[9].slots = 1;
    CU_ASSERT(!auction_check(&auction));
}

static void test_remainders(void)
{
    auction_start(&auction, 10);
    for (uint32_t i = 0; i < 3; i++)
        pay(i, 1);
    auction_begin_period(&auction);
    CU_ASSERT_EQUAL(auction.bidder[0].slots, 4);
    CU_ASSERT_EQUAL(auction.bidder[1].slots, 3);
    CU_ASSERT_EQUAL(auction.bidder[2].slots, 3);
    auction_start(&auction, 1); /* one slot for the one who pays most */
    pay(0, 1);
    pay(1, 2);
    auction_begin_period(&auction);
    CU_ASSERT_EQUAL(auction.bidder[1].slots, 1);
}

/* Nobody is further from his part than one slot, and all is sold; with the largest sums, too. */
static void test_random(void)
{
    srandom(1);
    for (int turn = 0; turn < 20000; turn++) {
        uint64_t sum = 0;
        auction_start(&auction, 1 + (uint32_t)random() % AUCTION_SUPPLY_MAX);
        for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++) {
            pay(i, random() % 3 == 0 ? 0 : turn % 2 ? MARKET_BID_MAX - (uint64_t)random() % 5
                                                    : (uint64_t)random() % 1000);
            sum += auction.bidder[i].paid_now;
        }
        auction_begin_period(&auction);
        CU_ASSERT_FATAL(auction_check(&auction));
        for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++) {
            uint64_t part = sum > 0 ? auction.bidder[i].paid_now * auction.supply / sum : 0;
            CU_ASSERT_FATAL(auction.bidder[i].slots >= part);
            CU_ASSERT_FATAL(auction.bidder[i].slots <= part + 1);
        }
    }
}

static void test_history(void)
{
    auction_start(&auction, 4);
    for (uint64_t i = 1; i <= AUCTION_PERIODS_MAX + 10; i++) {
        pay(0, 4 * i);
        auction_begin_period(&auction);
    }
    CU_ASSERT_EQUAL(auction_period(&auction, 0)->price, AUCTION_PERIODS_MAX + 10);
    CU_ASSERT_EQUAL(auction_period(&auction, AUCTION_PERIODS_MAX - 1)->price, 11);
    CU_ASSERT_PTR_NULL(auction_period(&auction, AUCTION_PERIODS_MAX));
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("market", NULL, NULL);
    CU_add_test(suite, "slots as paid", test_proportion);
    CU_add_test(suite, "remainders", test_remainders);
    CU_add_test(suite, "any bids", test_random);
    CU_add_test(suite, "the history", test_history);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
