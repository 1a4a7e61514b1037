/* SPDX-License-Identifier: MIT */
/* Borrows shelves of the library and books of another one, and ends without giving them back: every
 * other time while a call is under way, which gives it one more when it is no longer there. */
#include "library.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { SHELVES = 3, EACH_TWO = SHELVES + 2, PATIENCE_MICROSECONDS = 5000 };

static struct library_client client;

/* Borrow a shelf, and books of it. */
static void borrow(bool is_far, uint32_t books)
{
    struct library_open_params which = {.far = is_far};
    struct library_open_results shelf;
    struct library_shelf_book_params number = {0};
    struct library_shelf_book_results book;
    struct library_book_page_params page = {0};
    struct library_book_page_results text;
    EXPECT(library_open(&client, &which, &shelf), EXO_STATUS_OK);
    struct library_shelf_ref at = library_shelf_ref_of(&client.rpc, shelf.shelf);
    for (uint32_t i = 0; i < books; i++) {
        EXPECT(library_shelf_book_at(at, &number, &book), EXO_STATUS_OK);
        EXPECT(library_book_page_at(library_book_ref_of(&client.rpc, book.book), &page, &text),
               EXO_STATUS_OK);
    }
}

int component_main(void)
{
    struct library_done_results ever;
    struct library_open_params near = {.far = false};
    struct library_open_results late;
    EXPECT(library_client_open(&client, binding_import("library")), EXO_STATUS_OK);
    EXPECT(library_done(&client, &ever), EXO_STATUS_OK);
    if (ever.bytes % EACH_TWO == 0) {
        for (int i = 0; i < SHELVES; i++)
            borrow(false, 0);
        borrow(true, SHELVES);
    }
    library_client_timeout(&client, ticks_from_microseconds(PATIENCE_MICROSECONDS));
    EXPECT(library_open(&client, &near, &late), EXO_STATUS_DEADLINE);
    return 0;
}
