/* SPDX-License-Identifier: MIT */
/* device: what a component of the plan gets of the machine. */
#ifndef INIT_DEVICE_H
#define INIT_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "boot.capnp.h"
#include "kernel_calls.h"

/* A device of the plan, with the place that it has on this machine. */
struct device {
    enum exo_planned_device_which which; /* of REGISTERS and LINE: PORTS, MEMORY or IRQ instead */
    uint64_t first;                      /* line, port, address, byte of the image, core */
    uint64_t count;                      /* 0: this machine has no such device */
};

struct device device_find(struct exo_planned_device_reader planned);

/* Is it one that a machine may lack, and this one does. */
bool device_may_lack(const struct device *device, struct exo_planned_device_reader planned);

/* Give it to `slot` of a Domain. bad_argument: this machine does not have it. */
enum exo_status device_give(const struct device *device, uint32_t domain, uint32_t slot);

#endif
