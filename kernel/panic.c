/* SPDX-License-Identifier: MIT */
/* The console that the kernel has: its boot line and its panic. tests/backtrace turns the addresses
   of a panic into file and line. */
#include "kernel.h"

#define FOUND_MAX 24

static void write_text(const char *text) {
    uint64_t length = 0;
    while (text[length] != 0)
        length++;
    arch_console_write(text, length);
}

void console_line(const char *text) {
    write_text(text);
    write_text("\n");
}

void panic_line(const char *text, uint64_t number) {
    char digits[20] = " 0x";
    for (int i = 0; i < 16; i++)
        digits[3 + i] = "0123456789abcdef"[number >> (60 - 4 * i) & 15];
    write_text(text);
    console_line(digits);
}

/* The backtrace, one `  at ADDRESS` line per frame: without frame pointers the stack is searched
   for return addresses into the kernel. */
static _Noreturn __attribute__((noinline)) void stop(void) {
    extern uint8_t kernel_text_start[], kernel_text_end[];
    const uint64_t *end = (const uint64_t *)core_self()->kernel_stack;
    const uint64_t *at = (const uint64_t *)__builtin_frame_address(0) - 2;
    for (int found = 0; at < end && end - at < CORE_STACK_BYTES / 8 && found < FOUND_MAX; at++) {
        if (*at >= (uint64_t)kernel_text_start && *at < (uint64_t)kernel_text_end) {
            panic_line("  at", *at);
            found++;
        }
    }
    arch_halt();
}

_Noreturn void panic_registers(const struct registers *registers) {
    console_line("kernel panic: fault");
    panic_line("  vector", registers->vector);
    panic_line("  error", registers->error);
    panic_line("  stack", registers->stack);
    for (int i = 0; i < 6; i++)
        panic_line("  word", registers->words[i]);
    panic_line("  at", registers->instruction);
    stop();
}

_Noreturn void panic(const char *message, const char *file, unsigned line) {
    write_text("kernel panic: ");
    write_text(file);
    panic_line(" line", line);
    console_line(message);
    stop();
}
