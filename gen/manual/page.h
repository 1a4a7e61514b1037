/* SPDX-License-Identifier: MIT */
/*
 * One page of the manual, written as Markdown and as HTML at the same time, so that neither can say
 * what the other does not.
 */
#ifndef MANUAL_PAGE_H
#define MANUAL_PAGE_H
#include <stdbool.h>
#include <stdio.h>

/* A page under way. */
struct page {
    FILE *markdown;
    FILE *html;
    const char *name;
    bool in_table;
    bool has_blocks; /* something stands on the page already */
    unsigned cells; /* of the row under way */
};

/* Open NAME.md and NAME.html in the output folder; ends the program if that cannot be. */
void page_open(struct page *page, const char *name, const char *title);

/* End both files; ends the program if something could not be written. */
void page_close(struct page *page);

/* A heading that links can name by `anchor` (empty: none). Levels from 1. */
void page_heading(struct page *page, unsigned level, const char *anchor, const char *text);

/* A doc comment: paragraphs with blank lines between; words in backquotes are code, and so
 * are paragraphs that are indented by four spaces. Nothing for an empty one. Within a table cell,
 * line breaks and blank lines become spaces. */
void page_comment(struct page *page, const char *comment);

/* A line of declaration, of words and links. */
void page_line_begin(struct page *page);
void page_line_end(struct page *page);

/* Words of a declaration or a cell, with no meaning of their own. */
void page_words(struct page *page, const char *text);

/* A word that leads to `anchor` on page `name`. */
void page_link(struct page *page, const char *name, const char *anchor, const char *text);

/* A table: its head, rows of cells, its end. */
void page_table_begin(struct page *page, const char *const *heads, unsigned count);
void page_row_begin(struct page *page);
void page_cell(struct page *page); /* before the content of each cell */
void page_row_end(struct page *page);
void page_table_end(struct page *page);
#endif
