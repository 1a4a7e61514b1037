/* SPDX-License-Identifier: MIT */
/* describe: types and methods as text for people, in the words of the schema language. */
#ifndef DYNAMIC_DESCRIBE_H
#define DYNAMIC_DESCRIBE_H
#include "dynamic.h"
#include "output.h"

/* A method on one line: "forecast @0 (city :Text, days :UInt32 = 1) -> (celsius :Int32)". */
void describe_method(const struct schema_set *set, const struct schema_set_method *method,
                     struct output *output);

/* A type's kind and name on one line: "interface weather.Weather". */
void describe_title(const struct schema_set *set, struct schema_node_reader node,
                    struct output *output);

/* A type with its comment and members, each on lines of its own; of an interface also the methods
 * of those that it extends. */
void describe_node(const struct schema_set *set, struct schema_node_reader node,
                   struct output *output);
#endif
