/* SPDX-License-Identifier: MIT */
/* What init would tell the component, made of what the recording says of it. */
#include <string.h>

#include "world.h"
#include "startup.capnp.h"

enum { STARTUP_WORDS = 16384 };

static struct capnp_text text_of(const char *text)
{
    return (struct capnp_text){text, (uint32_t)strlen(text)};
}

static void build_places(struct exo_startup_binding_builder out, const struct recording *recording,
                         const struct recording_side *side)
{
    struct exo_startup_place_builder_list list;
    exo_startup_binding_init_places(out, side->count, &list);
    for (uint32_t i = 0; i < side->count; i++) {
        struct exo_startup_place_builder place = exo_startup_place_builder_list_at(list, i);
        uint32_t number = side->first + i;
        const struct recording_channel *channel = &recording->channels[number];
        exo_startup_place_set_address(place, world_channel_address(number));
        exo_startup_place_set_bytes(place, channel->bytes);
        exo_startup_place_set_badge(place, i);
        exo_startup_place_set_doorbell(place, WORLD_SLOT_BELL + number);
        exo_startup_place_set_wake(place, WORLD_SLOT_WAKE + number);
        exo_startup_place_set_wake_bits(place, UINT64_C(1) << number);
        exo_startup_place_set_peer(place, text_of(channel->peer));
    }
}

/* The bindings of one kind, in the order of the recording. */
static void build_bindings(const struct recording *recording, bool exports,
                           struct exo_startup_binding_builder_list list)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < recording->side_count; i++) {
        const struct recording_side *side = &recording->sides[i];
        if (side->is_export != exports)
            continue;
        struct exo_startup_binding_builder out = exo_startup_binding_builder_list_at(list, count++);
        uint32_t thread = exports ? world_side_thread(i) : WORLD_SLOT_THREADS;
        uint32_t threads = exports ? side->threads : 1;
        exo_startup_binding_set_name(out, text_of(side->name));
        exo_startup_binding_set_interface_id(out, side->interface_id);
        exo_startup_binding_set_portal(out, WORLD_SLOT_PORTALS + i);
        exo_startup_binding_set_thread(out, thread);
        exo_startup_binding_set_thread_count(out, threads);
        exo_startup_binding_set_receive_first(
            out, WORLD_SLOT_RECEIVE +
                     WORLD_RECEIVE * (exports ? thread - WORLD_SLOT_THREADS
                                                : WORLD_THREADS_MAX + i));
        exo_startup_binding_set_receive_count(out, WORLD_RECEIVE * threads);
        build_places(out, recording, side);
    }
}

static void build_settings(const struct recording *recording, struct exo_startup_builder startup)
{
    struct exo_startup_setting_builder_list list;
    exo_startup_init_settings(startup, recording->setting_count, &list);
    for (uint32_t i = 0; i < recording->setting_count; i++) {
        struct exo_startup_setting_builder out = exo_startup_setting_builder_list_at(list, i);
        const char *setting = recording->settings[i], *equals = strchr(setting, '=');
        uint32_t key = (uint32_t)(equals ? (size_t)(equals - setting) : strlen(setting));
        exo_startup_setting_set_key(out, (struct capnp_text){setting, key});
        exo_startup_setting_set_value(out, text_of(equals ? equals + 1 : ""));
    }
}

const uint64_t *world_startup(const struct recording *recording, struct arena *arena,
                                uint64_t *count)
{
    struct capnp_builder message;
    struct exo_startup_builder startup;
    struct exo_startup_binding_builder_list list;
    uint64_t *words = arena_take(arena, STARTUP_WORDS * sizeof *words), bytes;
    uint32_t exports = 0;
    for (uint32_t i = 0; i < recording->side_count; i++)
        exports += recording->sides[i].is_export;
    capnp_builder_begin(&message, words, STARTUP_WORDS);
    exo_startup_init_root(&message, &startup);
    exo_startup_set_name(startup, text_of(recording->component));
    exo_startup_set_ticks_per_second(startup, recording->ticks_per_second);
    exo_startup_set_frames_count(startup, recording->pages);
    exo_startup_set_status_address(startup, (uintptr_t)world_status());
    exo_startup_set_slot_first(startup, WORLD_SLOT_FREE);
    exo_startup_set_slot_count(startup, WORLD_SLOTS);
    exo_startup_set_space_address(startup, world_space(&bytes));
    exo_startup_set_space_bytes(startup, bytes);
    exo_startup_set_gas(startup, WORLD_SLOT_GAS);
    exo_startup_init_imports(startup, recording->side_count - exports, &list);
    build_bindings(recording, false, list);
    exo_startup_init_exports(startup, exports, &list);
    build_bindings(recording, true, list);
    build_settings(recording, startup);
    *count = message.word_count;
    return message.error == CAPNP_OK ? words : NULL;
}
