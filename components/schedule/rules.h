/* SPDX-License-Identifier: MIT */
/* rules: the name of each rule's functions, for the list in schedule.c. */
#ifndef SCHEDULE_RULES_H
#define SCHEDULE_RULES_H

#include "schedule.h"

extern const struct schedule_rule rule_round_robin; /* levels.c: everybody in turn */
extern const struct schedule_rule rule_priority;    /* levels.c: the most urgent ones in turn */
extern const struct schedule_rule rule_edf;         /* edf.c: reserved budgets, deadlines */
extern const struct schedule_rule rule_dag;         /* dag_rule.c: a graph on all cores */
extern const struct schedule_rule rule_beatty;      /* beatty.c: by weight, evenly */
extern const struct schedule_rule rule_beatty_dag;  /* beatty_dag.c: families with graphs */

#endif
