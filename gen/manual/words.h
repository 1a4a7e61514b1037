/* SPDX-License-Identifier: MIT */
/* Types, values and names as a schema writes them, with links to what they name. */
#ifndef MANUAL_WORDS_H
#define MANUAL_WORDS_H
#include "page.h"
#include "request.h"

/* The page of the file that a node comes from. */
char *words_page(struct schema_node_reader node);

/* The anchor of a node on its page; "weather.forecast$Params" has none of its own. */
char *words_anchor(struct schema_node_reader node);

/* Write the name of a node, as a link if it has a page. */
void words_node(struct page *page, uint64_t id);

/* Write what a generic declaration is used with: "(Text, List(UInt8))". */
void words_brand(struct page *page, struct schema_brand_reader brand);

/* Write a type: "List(UInt8)". */
void words_type(struct page *page, struct schema_type_reader type);

/* Write a value of a type; what is not written in one word is "...". */
void words_value(struct page *page, struct schema_type_reader type,
                 struct schema_value_reader value);

/* Is a value other than the one that its type has anyway. */
bool words_has_default(struct schema_field_slot_reader slot);

/* Write the annotations of a declaration: " $idempotent $gas(4)". */
void words_annotations(struct page *page, struct schema_annotation_list list);
#endif
