/* SPDX-License-Identifier: MIT */
#include "files.h"

#include "date.h"
#include "directory.capnp.h"
#include "file.capnp.h"
#include "kernel_names.h"
#include "print.h"
#include "startup.h"
#include "text.h"

enum {
    MOUNTS_MAX = 16, DEPTH_MAX = 32,
    LIST_BYTES = 1000, PIECE_BYTES = 1024, /* in one message */
    LINE_BYTES = 16, BAR = 40, BAR_PIECES = 64, /* bytes of a dump; of a progress bar */
    PERCENT = 100, KIB = 1024,
};

/* A file system, and its root. */
struct mount {
    const char *name; /* not ended by NUL */
    uint32_t name_bytes;
    bool is_open;
    struct directory_service_client client;
    struct directory_service_ref root;
};

/* Where a path leads: a file system, and a path below its root. */
struct place {
    struct mount *mount;
    struct capnp_text path;
};

static struct mount mounts[MOUNTS_MAX];
static uint32_t mount_count;

/* What enum node_result says to people. */
static const char *const reasons[] = {
    "done", "there is no such file or directory", "it is there already", "it is no directory",
    "it is a directory", "the directory is not empty", "that is not allowed",
    "only the owner may do that", "the name is too long", "too many links lead to each other",
    "there is no room left", "the quota is reached", "it is too large", "that makes no sense",
    "it is in use", "it is in another file system", "the file system is read-only",
    "it has too many names", "it has no such attribute", "it would wait", "it would wait for ever",
    "there are no locks left", "too many files are open", "the device failed", "it is gone",
    "this file system cannot do it", "it does not fit", "it is of another kind",
    "it leads out of this file system", "it is not open for that", "it is being executed",
    "the file system is damaged", "it was cancelled",
};

/* --- File systems ---------------------------------------------------------------------------- */

static bool says(const char *path, enum exo_status status, enum node_result result)
{
    if (status != EXO_STATUS_OK)
        print("%s: no answer. %s\n", path, exo_status_sentences[status]);
    else if (result != NODE_RESULT_DONE)
        print("%s: %s\n", path, (uint32_t)result < sizeof reasons / sizeof *reasons
                                    ? reasons[result] : "it failed");
    return status == EXO_STATUS_OK && result == NODE_RESULT_DONE;
}

/* Is the component mounted whose name this is? It may be imported by name and by "*". */
static struct mount *mount_of(const char *name, uint32_t bytes)
{
    for (uint32_t i = 0; i < mount_count; i++)
        if (mounts[i].name_bytes == bytes && memcmp(mounts[i].name, name, bytes) == 0)
            return &mounts[i];
    return NULL;
}

static void find_mounts(void)
{
    const struct binding *import;
    if (mount_count > 0)
        return;
    for (uint32_t i = 0; (import = binding_import_at(i)) && mount_count < MOUNTS_MAX; i++) {
        const struct channel_place *place = import->places;
        if (import->interface_id != DIRECTORY_SERVICE_TYPE_ID || !place->peer ||
            mount_of(place->peer, place->peer_bytes))
            continue;
        struct mount *mount = &mounts[mount_count];
        mount->name = place->peer;
        mount->name_bytes = place->peer_bytes;
        mount_count += directory_service_client_open(&mount->client, import) == EXO_STATUS_OK;
    }
}

/* Have a root, anew when the file server was started again. */
static bool open_mount(struct mount *mount, const char *path)
{
    struct directory_service_again_params params = {0};
    struct directory_service_again_results results = {0};
    if (mount->is_open) {
        struct file_node_attributes_results unused;
        if (file_node_attributes_at(directory_service_ref_as_file_node(mount->root), &unused) ==
            EXO_STATUS_OK)
            return true;
    }
    enum exo_status status = directory_service_again(&mount->client, &params, &results);
    mount->is_open = says(path, status, results.result);
    mount->root = directory_service_ref_of(&mount->client.rpc, results.directory);
    return mount->is_open;
}

/* Find the file system that a path leads to; says so when there is none. */
static bool find_place(const char *path, struct place *place)
{
    find_mounts();
    const char *name = path;
    while (*name == '/')
        name++;
    uint32_t bytes = 0;
    while (name[bytes] != 0 && name[bytes] != '/')
        bytes++;
    const char *rest = name + bytes;
    while (*rest == '/')
        rest++;
    place->path = *rest ? (struct capnp_text){rest, (uint32_t)strlen(rest)}
                        : (struct capnp_text)CAPNP_TEXT_LITERAL(".");
    place->mount = *path == '/' ? mount_of(name, bytes) : NULL;
    if (place->mount)
        return open_mount(place->mount, path);
    const struct mount *first = &mounts[0];
    print("%s: paths begin with what is mounted, as /%.*s does; \"mount\" shows that\n", path,
          mount_count > 0 ? (int)first->name_bytes : 3, mount_count > 0 ? first->name : "...");
    return false;
}

static bool is_top(const char *path)
{
    while (*path == '/')
        path++;
    return *path == 0;
}

void files_mounts(void)
{
    find_mounts();
    for (uint32_t i = 0; i < mount_count; i++) {
        struct file_node_facts_results facts = {0};
        if (!open_mount(&mounts[i], mounts[i].name))
            continue;
        enum exo_status status =
            file_node_facts_at(directory_service_ref_as_file_node(mounts[i].root), &facts);
        if (says("/", status, facts.result))
            print("/%-20.*s %.*s%s\n", (int)mounts[i].name_bytes, mounts[i].name,
                  (int)facts.kind.length, facts.kind.bytes,
                  facts.is_read_only ? ", read-only" : "");
    }
    if (mount_count == 0)
        print("nothing is mounted; boot with a disk (DISK=FILE ninja run), or connect file servers "
              "in the composition\n");
}

void files_room(void)
{
    find_mounts();
    print("%-21s %12s %12s %12s %10s %10s\n", "file system", "KiB", "free", "available", "nodes",
          "free");
    for (uint32_t i = 0; i < mount_count; i++) {
        struct file_node_facts_results facts = {0};
        if (!open_mount(&mounts[i], mounts[i].name))
            continue;
        enum exo_status status =
            file_node_facts_at(directory_service_ref_as_file_node(mounts[i].root), &facts);
        if (!says("/", status, facts.result))
            continue;
        uint64_t bytes = facts.block_bytes;
        print("/%-20.*s %12lu %12lu %12lu %10lu %10lu\n", (int)mounts[i].name_bytes,
              mounts[i].name, facts.blocks * bytes / KIB, facts.blocks_free * bytes / KIB,
              facts.blocks_available * bytes / KIB, facts.nodes, facts.nodes_free);
    }
}

/* --- Directories ----------------------------------------------------------------------------- */

static bool look(const struct place *place, const char *path,
                 struct directory_service_look_results *is)
{
    struct directory_service_look_params params = {
        .root = EXO_NONE, .path = place->path, .how = FILE_MODE_NO_FOLLOW | FILE_MODE_NODE};
    enum exo_status status = directory_service_look_at(place->mount->root, &params, is);
    return says(path, status, is->result);
}

/* A name may hold any bytes, also those that a terminal obeys. */
static void print_name(const char *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        bool is_control = (uint8_t)bytes[i] < ' ' || bytes[i] == 0x7f;
        print("%c", is_control ? '?' : bytes[i]);
    }
}

static void print_target(const struct place *place)
{
    struct directory_service_read_link_params params = {.root = EXO_NONE, .path = place->path};
    struct directory_service_read_link_results results = {0};
    if (directory_service_read_link_at(place->mount->root, &params, &results) == EXO_STATUS_OK &&
        results.result == NODE_RESULT_DONE) {
        print(" -> ");
        print_name(results.target.bytes, results.target.length);
    }
}

/* As ls writes a mode, kind and permissions. */
static void write_mode(char mode[11], uint32_t kind, uint16_t is)
{
    static const char kinds[] = "?-dlpscb", bits[] = "rwxrwxrwx";
    static const struct { uint16_t bit; char place, with_x, without; } special[] = {
        {NODE_MODE_SET_USER, 3, 's', 'S'}, {NODE_MODE_SET_GROUP, 6, 's', 'S'},
        {NODE_MODE_STICKY, 9, 't', 'T'},
    };
    mode[0] = kinds[kind < sizeof kinds - 1 ? kind : 0];
    for (uint32_t i = 0; bits[i] != 0; i++)
        mode[1 + i] = is >> (sizeof bits - 2 - i) & 1 ? bits[i] : '-';
    mode[sizeof bits] = 0;
    for (uint32_t i = 0; i < sizeof special / sizeof *special; i++)
        if (is & special[i].bit)
            mode[(uint8_t)special[i].place] = mode[(uint8_t)special[i].place] == 'x'
                                                  ? special[i].with_x : special[i].without;
}

/* The line of one node. */
static void print_node(const struct place *place, const struct directory_service_look_results *is,
                       const char *name, uint32_t name_bytes)
{
    char mode[11], date[DATE_BYTES] = "?";
    write_mode(mode, is->kind, is->mode);
    date_write(date, is->modified_seconds > 0 ? (uint64_t)is->modified_seconds : 0);
    print("%s %4u %6u %6u %12lu %s ", mode, is->links, is->user, is->group, is->size, date);
    print_name(name, name_bytes);
    if (is->kind == NODE_KIND_LINK)
        print_target(place);
    print("\n");
}

/* Put the next entry of the directory that `place` names, but for `.` and `..`, behind its path in
 * `text`. False at the end, or when it failed. */
static bool next_entry(const struct place *place, const char *path, uint64_t *cookie,
                       char text[NODE_PATH_MAX], uint32_t length, struct capnp_text *entry_path)
{
    struct directory_service_open_params params = {
        .root = EXO_NONE, .path = place->path, .how = FILE_MODE_READ | FILE_MODE_DIRECTORY};
    struct directory_service_open_results opened = {0};
    struct directory_service_list_params list = {.cookie = *cookie, .room = LIST_BYTES};
    struct directory_service_list_results results = {0};
    enum exo_status status =
        directory_service_open_at(place->mount->root, &params, &opened);
    if (!says(path, status, opened.result))
        return false;
    struct directory_service_ref directory =
        directory_service_ref_of(&place->mount->client.rpc, opened.directory);
    bool found = false, failed = false;
    while (!found && !failed && !results.end) {
        status = directory_service_list_at(directory, &list, &results);
        failed = !says(path, status, results.result);
        for (uint32_t i = 0; !failed && !found && i < directory_entry_list_count(results.entries);
             i++) {
            struct directory_entry_reader entry = directory_entry_list_at(results.entries, i);
            struct capnp_text name;
            *cookie = directory_entry_get_cookie(entry);
            if (directory_entry_get_name(entry, &name) != CAPNP_OK ||
                text_is(name.bytes, name.length, ".") || text_is(name.bytes, name.length, "..") ||
                length + 1 + name.length >= NODE_PATH_MAX)
                continue;
            text[length] = '/';
            memcpy(text + length + 1, name.bytes, name.length);
            *entry_path = (struct capnp_text){text, length + 1 + name.length};
            found = true;
        }
        list.cookie = results.next;
    }
    directory_service_ref_release(directory);
    return found;
}

/* A path within the file system, relative to its root, as a text of its own. */
static uint32_t copy_path(const struct place *place, char text[NODE_PATH_MAX])
{
    uint32_t length = place->path.length < NODE_PATH_MAX - 1 ? place->path.length
                                                             : NODE_PATH_MAX - 1;
    memcpy(text, place->path.bytes, length);
    return length;
}

void files_list(const char *path)
{
    static char text[NODE_PATH_MAX];
    struct place place;
    struct directory_service_look_results is = {0};
    uint64_t cookie = DIRECTORY_COOKIE_START;
    if (is_top(path)) {
        files_mounts();
        return;
    }
    if (!find_place(path, &place) || !look(&place, path, &is))
        return;
    if (is.kind != NODE_KIND_DIRECTORY) {
        print_node(&place, &is, path, (uint32_t)strlen(path));
        return;
    }
    uint32_t length = copy_path(&place, text);
    struct place entry = {.mount = place.mount};
    while (next_entry(&place, path, &cookie, text, length, &entry.path))
        if (look(&entry, path, &is))
            print_node(&entry, &is, entry.path.bytes + length + 1, entry.path.length - length - 1);
}

void files_tree(const char *path)
{
    static char text[NODE_PATH_MAX];
    static uint32_t lengths[DEPTH_MAX];
    static uint64_t cookies[DEPTH_MAX];
    struct place top, entry;
    struct directory_service_look_results is = {0};
    uint32_t depth = 1, count = 0;
    if (!find_place(path, &top))
        return;
    lengths[0] = copy_path(&top, text);
    cookies[0] = DIRECTORY_COOKIE_START;
    while (depth > 0) {
        uint32_t length = lengths[depth - 1];
        struct place place = {top.mount, {text, length}};
        entry.mount = top.mount;
        if (!next_entry(&place, path, &cookies[depth - 1], text, length, &entry.path)) {
            depth--;
            continue;
        }
        if (!look(&entry, path, &is))
            continue;
        count++;
        print("%*s", (int)(2 * depth - 2), "");
        print_name(text + length + 1, entry.path.length - length - 1);
        if (is.kind == NODE_KIND_LINK)
            print_target(&entry);
        print("%s\n", is.kind == NODE_KIND_DIRECTORY ? "/" : "");
        if (is.kind != NODE_KIND_DIRECTORY || depth == DEPTH_MAX)
            continue;
        lengths[depth] = entry.path.length;
        cookies[depth++] = DIRECTORY_COOKIE_START;
    }
    print("%u in all\n", count);
}

/* --- Bytes ----------------------------------------------------------------------------------- */

/* Open a file; the caller releases it. */
static bool open_file(const struct place *place, const char *path, uint32_t how,
                      struct file_service_ref *file, uint64_t *size)
{
    enum { MODE_NEW = 0644 };
    struct directory_service_open_params params = {
        .root = EXO_NONE, .path = place->path, .how = how, .mode = MODE_NEW};
    struct directory_service_open_results results = {0};
    enum exo_status status = directory_service_open_at(place->mount->root, &params, &results);
    if (!says(path, status, results.result))
        return false;
    *file = file_service_ref_of(&place->mount->client.rpc, results.file);
    *size = results.size;
    if (results.kind == NODE_KIND_FILE)
        return true;
    if (results.kind == NODE_KIND_DIRECTORY)
        directory_service_ref_release(
            directory_service_ref_of(&place->mount->client.rpc, results.directory));
    else
        file_service_ref_release(*file);
    return says(path, EXO_STATUS_OK, results.kind == NODE_KIND_DIRECTORY
                                         ? NODE_RESULT_IS_DIRECTORY : NODE_RESULT_WRONG_KIND);
}

/* The next piece of a file; what it points at lives until the next call. Empty at the end. */
static bool read_piece(struct file_service_ref file, const char *path, uint64_t offset,
                       struct capnp_data *piece)
{
    struct file_service_read_params params = {.offset = offset, .length = PIECE_BYTES};
    struct file_service_read_results results = {0};
    enum exo_status status = file_service_read_at(file, &params, &results);
    *piece = results.data;
    return says(path, status, results.result);
}

static char shown(uint8_t byte)
{
    return byte >= ' ' && byte < 0x7f ? (char)byte : '.';
}

void files_show(const char *path)
{
    struct place place;
    struct file_service_ref file;
    struct capnp_data piece = {0};
    uint64_t size, offset = 0;
    char last = '\n';
    if (!find_place(path, &place) || !open_file(&place, path, FILE_MODE_READ, &file, &size))
        return;
    while (read_piece(file, path, offset, &piece) && piece.length > 0) {
        char text[PIECE_BYTES];
        uint32_t length = piece.length < PIECE_BYTES ? piece.length : PIECE_BYTES;
        for (uint32_t i = 0; i < length; i++) {
            uint8_t byte = piece.bytes[i];
            text[i] = byte == '\n' || byte == '\t' || byte >= 0x80 ? (char)byte : shown(byte);
        }
        print("%.*s", (int)length, text);
        last = text[length - 1];
        offset += length;
    }
    if (last != '\n')
        print("\n");
    file_service_ref_release(file);
}

static void dump_line(uint64_t offset, const uint8_t *bytes, uint32_t count)
{
    print("%08lx ", offset);
    for (uint32_t i = 0; i < LINE_BYTES; i++) {
        const char *gap = i == LINE_BYTES / 2 ? "  " : " ";
        if (i < count)
            print("%s%02x", gap, bytes[i]);
        else
            print("%s  ", gap);
    }
    print("  |");
    for (uint32_t i = 0; i < count; i++)
        print("%c", shown(bytes[i]));
    print("|\n");
}

void files_dump(const char *path)
{
    struct place place;
    struct file_service_ref file;
    struct capnp_data piece = {0};
    uint64_t size, offset = 0;
    if (!find_place(path, &place) || !open_file(&place, path, FILE_MODE_READ, &file, &size))
        return;
    while (read_piece(file, path, offset, &piece) && piece.length > 0) {
        for (uint32_t at = 0; at < piece.length; at += LINE_BYTES) {
            uint32_t left = piece.length - at;
            dump_line(offset + at, piece.bytes + at, left < LINE_BYTES ? left : LINE_BYTES);
        }
        offset += piece.length;
    }
    file_service_ref_release(file);
}

/* How far it is, in place of the line before. */
static void print_bar(uint64_t done, uint64_t all)
{
    uint32_t percent = all == 0 ? PERCENT : (uint32_t)(done * PERCENT / all);
    print("\r[");
    for (uint32_t i = 0; i < BAR; i++)
        print("%c", i < percent * BAR / PERCENT ? '#' : ' ');
    print("] %3u %%", percent);
}

static bool write_piece(struct file_service_ref file, const char *path, uint64_t offset,
                        struct capnp_data piece)
{
    while (piece.length > 0) {
        struct file_service_write_params params = {.offset = offset, .data = piece};
        struct file_service_write_results results = {0};
        enum exo_status status = file_service_write_at(file, &params, &results);
        if (!says(path, status, results.result) || results.length == 0)
            return false;
        uint32_t length = results.length < piece.length ? results.length : piece.length;
        piece.bytes += length;
        piece.length -= length;
        offset += length;
    }
    return true;
}

static uint64_t copy_bytes(struct file_service_ref from, const char *from_path, uint64_t size,
                           struct file_service_ref to, const char *to_path)
{
    struct capnp_data piece = {0};
    uint64_t offset = 0;
    for (uint32_t i = 0; read_piece(from, from_path, offset, &piece) && piece.length > 0; i++) {
        uint8_t bytes[PIECE_BYTES];
        uint32_t length = piece.length < PIECE_BYTES ? piece.length : PIECE_BYTES;
        memcpy(bytes, piece.bytes, length); /* they are the channel's, which writing uses, too */
        if (!write_piece(to, to_path, offset, (struct capnp_data){bytes, length}))
            break;
        offset += length;
        if (i % BAR_PIECES == BAR_PIECES - 1)
            print_bar(offset, size);
    }
    return offset;
}

/* Into a directory: under the last name of what is copied. */
static bool complete_target(const char *from, const char *to, struct place *place,
                            char text[NODE_PATH_MAX])
{
    struct directory_service_look_params params = {.root = EXO_NONE, .path = place->path};
    struct directory_service_look_results is = {0};
    const char *name = from;
    if (directory_service_look_at(place->mount->root, &params, &is) != EXO_STATUS_OK ||
        is.result != NODE_RESULT_DONE || is.kind != NODE_KIND_DIRECTORY)
        return true;
    for (const char *at = from; *at; at++)
        name = *at == '/' ? at + 1 : name;
    uint32_t length = copy_path(place, text), bytes = (uint32_t)strlen(name);
    if (bytes == 0 || length + 1 + bytes >= NODE_PATH_MAX)
        return says(to, EXO_STATUS_OK, NODE_RESULT_NAME_TOO_LONG);
    text[length] = '/';
    memcpy(text + length + 1, name, bytes);
    place->path = (struct capnp_text){text, length + 1 + bytes};
    return true;
}

void files_copy(const char *from, const char *to)
{
    static char text[NODE_PATH_MAX];
    struct place source, target;
    struct file_service_ref in, out;
    uint64_t size, unused;
    if (!find_place(from, &source) || !find_place(to, &target) ||
        !complete_target(from, to, &target, text) ||
        !open_file(&source, from, FILE_MODE_READ, &in, &size))
        return;
    if (open_file(&target, to, FILE_MODE_WRITE | FILE_MODE_CREATE | FILE_MODE_TRUNCATE, &out,
                  &unused)) {
        uint64_t done = copy_bytes(in, from, size, out, to);
        file_service_ref_release(out);
        print("%s%lu bytes copied\n", size > BAR_PIECES * PIECE_BYTES ? "\r\x1b[K" : "", done);
    }
    file_service_ref_release(in);
}
