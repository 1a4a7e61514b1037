/* SPDX-License-Identifier: MIT */
/* Doubly linked lists through members of the items: `first` is the head, NULL when empty. */
#pragma once

/* Put the item at the head. */
#define list_add(first, item, next, previous)                                                      \
    do {                                                                                           \
        (item)->previous = NULL;                                                                   \
        (item)->next = (first);                                                                    \
        if ((first) != NULL)                                                                       \
            (first)->previous = (item);                                                            \
        (first) = (item);                                                                          \
    } while (0)

/* Take the item out; it must be in the list. */
#define list_remove(first, item, next, previous)                                                   \
    do {                                                                                           \
        if ((item)->previous != NULL) {                                                            \
            (item)->previous->next = (item)->next;                                                 \
        } else {                                                                                   \
            (first) = (item)->next;                                                                \
        }                                                                                          \
        if ((item)->next != NULL)                                                                  \
            (item)->next->previous = (item)->previous;                                             \
        (item)->next = NULL;                                                                       \
        (item)->previous = NULL;                                                                   \
    } while (0)

/* The same for queues, which also know their last item. */
#define queue_add(first, last, item, next, previous)                                               \
    do {                                                                                           \
        (item)->next = NULL;                                                                       \
        (item)->previous = (last);                                                                 \
        if ((last) != NULL) {                                                                      \
            (last)->next = (item);                                                                 \
        } else {                                                                                   \
            (first) = (item);                                                                      \
        }                                                                                          \
        (last) = (item);                                                                           \
    } while (0)

#define queue_remove(first, last, item, next, previous)                                            \
    do {                                                                                           \
        if ((item)->next == NULL)                                                                  \
            (last) = (item)->previous;                                                             \
        list_remove(first, item, next, previous);                                                  \
    } while (0)
