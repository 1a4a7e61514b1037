/* SPDX-License-Identifier: MIT */
#include "host.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_BYTES_FIRST = 1 << 16 };

/* The buffer doubles, and the arena keeps the old ones until the end as well. */
bool host_read_stream(struct arena *arena, FILE *from, struct host_bytes *out)
{
    size_t room = READ_BYTES_FIRST;
    size_t size = 0;
    uint8_t *bytes = arena_take(arena, room);

    for (;;) {
        size += fread(bytes + size, 1, room - size - 1, from);
        if (size < room - 1) {
            break;
        }
        uint8_t *larger = arena_take(arena, room * 2);

        memcpy(larger, bytes, size);
        bytes = larger;
        room *= 2;
    }
    *out = (struct host_bytes) { bytes, size };
    return !ferror(from);
}

bool host_read(struct arena *arena, const char *path, struct host_bytes *out)
{
    FILE *file = fopen(path, "rbe");

    if (file == NULL) {
        return false;
    }
    bool good = host_read_stream(arena, file, out);
    /* fclose() may set errno; the caller wants to hear of the read. */
    int error = errno;

    fclose(file);
    errno = error;
    return good;
}

bool host_write(struct arena *arena, const char *path, const void *bytes, size_t size)
{
    const char *unfinished = arena_text(arena, "%s.unfinished", path);
    FILE *file = fopen(unfinished, "wb");

    if (file == NULL) {
        return false;
    }
    /* fclose() flushes, so it can fail where fwrite() did not. */
    bool good = fwrite(bytes, 1, size, file) == size;

    good = fclose(file) == 0 && good;
    good = good && rename(unfinished, path) == 0;
    if (!good) {
        int error = errno;

        unlink(unfinished);
        errno = error;
    }
    return good;
}

bool host_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

int host_run(struct arena *arena, const char *const *arguments, struct host_bytes *out)
{
    int ends[2];

    assert(arguments[0] != NULL);
    *out = (struct host_bytes) { (const uint8_t *)"", 0 };
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return 127;
    }
    /* Nothing that is buffered may be written a second time by the child. */
    fflush(NULL);
    pid_t child = fork();

    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        /* The arguments are never written to; execvp() only lacks the const for history's sake. */
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        /* The status by which a shell, too, says that a program cannot be started. */
        _exit(127);
    }
    /* Only the child holds the writing end now, so that reading ends when the child does. */
    close(ends[1]);
    FILE *from = fdopen(ends[0], "rb");
    bool good = child > 0 && from != NULL && host_read_stream(arena, from, out);
    int status = 0;

    if (from != NULL) {
        fclose(from);
    } else {
        close(ends[0]);
    }
    if (child > 0) {
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
    }
    return good && WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}
