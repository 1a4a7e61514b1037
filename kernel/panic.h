/* SPDX-License-Identifier: MIT */
/* The kernel's last words. */
#pragma once

struct registers;

/* One line: text and a number in hexadecimal. */
void panic_line(const char *text, uint64_t number);
/* A fault in the kernel itself. */
_Noreturn void panic_registers(const struct registers *registers);
/* One line of start-up text. */
void console_line(const char *text);
