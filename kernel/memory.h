/* SPDX-License-Identifier: MIT */
/* Mapping, and making kernel objects from frames. */
#pragma once

/* Pages that one call maps, unmaps or protects; frames that one call retypes or feeds. */
#define MEMORY_PAGES_MAX 1024
#define RETYPE_FRAMES_MAX 64
#define RETYPE_OBJECTS_MAX 64
#define FEED_FRAMES_MAX 1024

/* Clear what was mapped through an ending Memory slot, step by step: true when nothing is left. */
bool memory_unmap_slot(struct slot *slot, uint32_t *budget);
/* Clear every user entry of a Domain from its `space_cursor` on: true when nothing is left. */
bool memory_unmap_domain(struct domain *domain, uint32_t *budget);
