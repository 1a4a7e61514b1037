/* SPDX-License-Identifier: MIT */
/* The console that the kernel has: its boot line and its panic. tests/backtrace turns the addresses
   of a panic into file and line. */
#include "kernel.h"

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

_Noreturn void panic_registers(const struct registers *registers) {
    write_text("kernel panic: fault\n");
    panic_line("  vector", registers->vector);
    panic_line("  error", registers->error);
    panic_line("  stack", registers->stack);
    for (int i = 0; i < 6; i++)
        panic_line("  word", registers->words[i]);
    panic_line("  at", registers->instruction);
    arch_backtrace();
    arch_halt();
}

_Noreturn void panic(const char *message, const char *file, unsigned line) {
    write_text("kernel panic: ");
    write_text(file);
    panic_line(" line", line);
    console_line(message);
    arch_backtrace();
    arch_halt();
}
