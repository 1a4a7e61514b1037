/* SPDX-License-Identifier: MIT */
/*
 * Measures how long a command needs until it prints a text. Use: until TEXT SECONDS COMMAND...
 * Prints the milliseconds from the start of the command to the end of the first TEXT in its output,
 * then kills it. Exit status 1 when the command ended, or the time was over, without the text.
 */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1000.0 + (double)time.tv_nsec / 1e6;
}

/* Starts the command with its output into a pipe; returns its end to read. */
static int start(char **command, pid_t *child) {
    int ends[2];
    if (pipe(ends) != 0 || (*child = fork()) < 0) {
        perror("until");
        exit(2);
    }
    if (*child == 0) {
        /* Its input stays open and silent, as a terminal at which nobody types. */
        int silence[2];
        if (pipe(silence) != 0 || dup2(silence[0], 0) < 0 || dup2(ends[1], 1) < 0) {
            _exit(126);
        }
        close(ends[0]);
        close(ends[1]);
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    close(ends[1]);
    return ends[0];
}

/* Reads until the text has come whole; false at the end of the output or of the time. */
static bool wait_for(int output, const char *text, double deadline_ms) {
    size_t matched = 0;
    size_t bytes = strlen(text);
    while (matched < bytes) {
        struct pollfd poll_output = {.fd = output, .events = POLLIN};
        double left = deadline_ms - now_ms();
        char c;
        if (left <= 0 || poll(&poll_output, 1, (int)left + 1) <= 0 || read(output, &c, 1) != 1) {
            return false;
        }
        /* Good enough for texts whose first character does not come again in them. */
        matched = c == text[matched] ? matched + 1 : c == text[0];
    }
    return true;
}

int main(int argument_count, char **arguments) {
    if (argument_count < 4) {
        fprintf(stderr, "Usage: until TEXT SECONDS COMMAND...\n");
        return 2;
    }
    pid_t child;
    double started = now_ms();
    int output = start(arguments + 3, &child);
    bool found = wait_for(output, arguments[1], started + atof(arguments[2]) * 1000.0);
    double elapsed = now_ms() - started;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    if (found) {
        printf("%.1f\n", elapsed);
    }
    return found ? 0 : 1;
}
