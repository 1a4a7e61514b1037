/* SPDX-License-Identifier: MIT */
/* Borrows shelves of the library, and ends without giving them back. */
#include "library.capnp.h"
#include "scenario.h"

enum { BORROWED = 3 };

int component_main(void)
{
    static struct library_client client;
    struct library_open_params which = {.far = false};
    struct library_open_results shelf;
    EXPECT(library_client_open(&client, binding_import("library")), EXO_STATUS_OK);
    for (int i = 0; i < BORROWED; i++)
        EXPECT(library_open(&client, &which, &shelf), EXO_STATUS_OK);
    return 0;
}
