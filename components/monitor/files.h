/* SPDX-License-Identifier: MIT */
/*
 * files: the commands that look at file systems. Each import of interface directory.Directory is
 * mounted at the name of the component that serves it: /tmpfs, /ext4_server; the root has nothing
 * else. Whatever fails is said on the console.
 */
#ifndef MONITOR_FILES_H
#define MONITOR_FILES_H

/* What is mounted, and where; and how much room there is. */
void files_mounts(void);
void files_room(void);

/* The entries of a directory, or the line of anything else, links not followed. */
void files_list(const char *path);

/* Everything below a directory, indented. */
void files_tree(const char *path);

/* The bytes of a file, where what is no text is shown as dots; or as hexadecimal numbers. */
void files_show(const char *path);
void files_dump(const char *path);

/* Copy a file, also to another file system, and show how far it is; a directory as `to` gets one of
 * the same name. */
void files_copy(const char *from, const char *to);

#endif
