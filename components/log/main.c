/* SPDX-License-Identifier: MIT */
/*
 * log: keeps the lines that components write. The writer is the channel that the call came through,
 * so nobody can write in another's name. One handler thread serves all, so the store needs no lock.
 */
#include "lines.h"
#include "log.capnp.h"
#include "startup.h"
#include "text.h"
#include "ticks.h"

enum { READ_LINES_MAX = 8, MISSING_EXPORT = 1 };

static struct lines lines;
static const struct binding *binding;

static enum exo_status handle_write(struct rpc_call *call, const struct log_write_params *params)
{
    char text[LINE_TEXT_BYTES + 1]; /* a private copy: the caller may change its own meanwhile */
    uint32_t bytes = capnp_text_copy(params->text, text, sizeof text);
    lines_write(&lines, (uint16_t)call->badge, (uint16_t)params->level, text, bytes, ticks_now());
    return EXO_STATUS_OK;
}

/* Its writer's name: that of the component at the other end of the channel. */
static struct capnp_text name_of(uint16_t channel)
{
    if (channel >= binding->place_count)
        return (struct capnp_text){0};
    return (struct capnp_text){binding->places[channel].peer, binding->places[channel].peer_bytes};
}

static void write_line(struct log_line_builder builder, const struct line *line)
{
    log_line_set_number(builder, line->number);
    log_line_set_ticks(builder, line->ticks);
    log_line_set_level(builder, (enum log_level)line->level);
    log_line_set_component(builder, name_of(line->component));
    log_line_set_text(builder, (struct capnp_text){line->text, line->bytes});
}

static enum exo_status handle_read(struct rpc_call *call, const struct log_read_params *params,
                                   struct log_read_results *results)
{
    struct log_read_results_builder reply;
    struct log_line_builder_list list;
    const struct line *line = lines_at(&lines, params->from);
    uint64_t first = line ? line->number : params->from, count = line ? lines.next - first : 0;
    (void)results;
    if (count > READ_LINES_MAX)
        count = READ_LINES_MAX;
    log_read_reply(call, &reply);
    log_read_results_set_next(reply, first + count);
    if (log_read_results_init_lines(reply, (uint32_t)count, &list) != CAPNP_OK)
        return EXO_STATUS_FULL;
    for (uint32_t i = 0; i < count; i++)
        write_line(log_line_builder_list_at(list, i), lines_at(&lines, first + i));
    return EXO_STATUS_OK;
}

/* A component may write through several channels: the level is for all of them. */
static enum exo_status handle_set_level(struct rpc_call *call,
                                        const struct log_set_level_params *params,
                                        struct log_set_level_results *results)
{
    char name[LINE_TEXT_BYTES];
    uint32_t bytes = capnp_text_copy(params->component, name, sizeof name);
    (void)call;
    for (uint32_t i = 0; i < binding->place_count; i++) {
        struct capnp_text peer = name_of((uint16_t)i);
        if (text_equal(peer.bytes, peer.length, name, bytes))
            results->found |= lines_set_level(&lines, (uint16_t)i, (uint16_t)params->level);
    }
    return EXO_STATUS_OK;
}

int component_main(void)
{
    static const struct log_methods methods = {
        .write = handle_write,
        .read = handle_read,
        .set_level = handle_set_level,
    };
    binding = binding_export("log");
    if (!binding)
        return MISSING_EXPORT;
    lines_start(&lines);
    log_serve(&methods, NULL, binding);
    return 0;
}
