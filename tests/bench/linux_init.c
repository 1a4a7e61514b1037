/* SPDX-License-Identifier: MIT */
/* The first process of the Linux that gen/linux-peer boots: prints a line, ends the machine. */
#include <sys/reboot.h>
#include <unistd.h>

int main(void) {
    static const char line[] = "linux init runs\n";
    if (write(1, line, sizeof line - 1) < 0) {
        return 1;
    }
    reboot(RB_POWER_OFF);
    return 0;
}
