/* SPDX-License-Identifier: MIT */
/* Cap'n Proto, reading what a followed pointer of any kind led to. */
#include "capnp.h"

/* What keeps a followed pointer from being read as a list of bytes. A null one does not. */
static enum capnp_error refuse_bytes(const struct capnp_any *any)
{
    bool is_bytes = any->kind == CAPNP_LIST && any->list.element == CAPNP_BYTE;
    return any->kind == CAPNP_NULL || is_bytes ? CAPNP_OK
                                               : capnp_fail(any->list.message, CAPNP_KIND);
}

enum capnp_error capnp_any_text(const struct capnp_any *any, struct capnp_text *out)
{
    enum capnp_error error = refuse_bytes(any);
    *out = (struct capnp_text){"", 0};
    if (error != CAPNP_OK || any->kind == CAPNP_NULL)
        return error;
    uint32_t length = any->list.count;
    if (length == 0 || capnp_load8(any->list.data + length - 1) != 0)
        return capnp_fail(any->list.message, CAPNP_TEXT);
    *out = (struct capnp_text){(const char *)any->list.data, length - 1};
    return CAPNP_OK;
}

enum capnp_error capnp_any_data(const struct capnp_any *any, struct capnp_data *out)
{
    enum capnp_error error = refuse_bytes(any);
    *out = (struct capnp_data){0, 0};
    if (error == CAPNP_OK && any->kind == CAPNP_LIST)
        *out = (struct capnp_data){any->list.data, any->list.count};
    return error;
}
