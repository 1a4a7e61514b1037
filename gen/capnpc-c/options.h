/* SPDX-License-Identifier: MIT */
/*
 * The command line. `capnp compile -o capnpc-c` passes no options to its plugins; to give some, the
 * request is piped: `capnp compile -o- SCHEMA | capnpc-c OPTIONS`.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

/* Read the command line; ends the program after --help, and with a message for what is wrong. */
void options_read(int count, char **arguments);

/* The prefix that the options give to the file with this name, NULL if none. They name it as the
 * compiler was given it, or without its folders. */
const char *options_prefix(const char *file);

/* End the program with a message if an option names a file that the request has not. */
void options_check(void);
#endif
