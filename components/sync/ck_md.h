/* SPDX-License-Identifier: MIT */
/* What Concurrency Kit's own configuration says of a machine, for any that we have. */
#ifndef CK_MD_H
#define CK_MD_H

#define CK_MD_CACHELINE 64
#define CK_MD_PAGESIZE 4096
#endif
