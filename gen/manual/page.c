/* SPDX-License-Identifier: MIT */
#include "page.h"

#include <string.h>

#include "name.h"
#include "request.h"

enum { CODE_INDENT = 4 }; /* spaces before a line of code, as in Markdown */

static const char style[] =
    "body { max-width: 60em; margin: 2em auto; padding: 0 1em; font-family: sans-serif; "
    "line-height: 1.5; }\n"
    "code, .declaration { font-family: monospace; }\n"
    "pre { background: #f2f2f2; padding: .4em .8em; overflow: auto; }\n"
    ".declaration { background: #f2f2f2; padding: .4em .8em; }\n"
    "table { border-collapse: collapse; }\n"
    "th, td { border: 1px solid #ccc; padding: .2em .6em; text-align: left; "
    "vertical-align: top; }\n";

/* Open one output file. */
static FILE *open_file(const char *name, const char *ending)
{
    char *path = name_format("%s.%s", name, ending);
    FILE *file = fopen(path, "w");
    if (!file)
        request_fatal("cannot write %s; does the output folder exist and may you write there?",
                      path);
    return file;
}

/* Write text that must not be taken for markup. */
static void write_html(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '&': fputs("&amp;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc(text[i], out);
        }
    }
}

/* As write_html; a bar would end a cell. */
static void write_markdown(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] && strchr("\\*_[]<>|#", text[i]))
            fputc('\\', out);
        fputc(text[i], out);
    }
}

void page_open(struct page *page, const char *name, const char *title)
{
    *page = (struct page){.markdown = open_file(name, "md"), .html = open_file(name, "html"),
                          .name = name};
    fprintf(page->html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n", title, style);
}

void page_close(struct page *page)
{
    fputs("</body>\n</html>\n", page->html);
    request_output_close(page->html, name_format("%s.html", page->name));
    request_output_close(page->markdown, name_format("%s.md", page->name));
}

/* Blocks of Markdown have a blank line between them. */
static void block_begin(struct page *page)
{
    if (page->has_blocks)
        fputc('\n', page->markdown);
    page->has_blocks = true;
}

void page_heading(struct page *page, unsigned level, const char *anchor, const char *text)
{
    if (level > 4)
        level = 4;
    block_begin(page);
    if (*anchor)
        fprintf(page->markdown, "<a id=\"%s\"></a>\n\n", anchor);
    fprintf(page->markdown, "%.*s ", (int)level, "####");
    write_markdown(page->markdown, text, strlen(text));
    fputs("\n", page->markdown);
    fprintf(page->html, "<h%u", level);
    if (*anchor)
        fprintf(page->html, " id=\"%s\"", anchor);
    fputc('>', page->html);
    write_html(page->html, text, strlen(text));
    fprintf(page->html, "</h%u>\n", level);
}

/* Write a run of a comment: words, and code in backquotes. */
static void write_run(struct page *page, const char *text, size_t length)
{
    bool is_code = false;
    size_t start = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && text[i] != '`')
            continue;
        write_html(page->html, text + start, i - start);
        if (is_code)
            fwrite(text + start, 1, i - start, page->markdown);
        else
            write_markdown(page->markdown, text + start, i - start);
        if (i < length) {
            is_code = !is_code;
            fputs(is_code ? "<code>" : "</code>", page->html);
            fputc('`', page->markdown);
        }
        start = i + 1;
    }
    if (is_code) { /* an odd backquote */
        fputs("</code>", page->html);
        fputc('`', page->markdown);
    }
}

/* Write a comment into a cell, in which there are no lines. */
static void write_cell(struct page *page, const char *comment)
{
    char *line = name_format("%s", comment);
    for (char *at = line; *at; at++)
        if (*at == '\n')
            *at = ' ';
    write_run(page, line, strlen(line));
}

/* Write a block of code, whose lines are indented: as it stands, in Markdown with the indent that
 * says so, in HTML without. */
static void write_code(struct page *page, const char *text, size_t length)
{
    fwrite(text, 1, length, page->markdown);
    fputs("<pre>", page->html);
    for (const char *line = text; line < text + length;) {
        const char *end = memchr(line, '\n', (size_t)(text + length - line));
        size_t indent = strspn(line, " ");
        line += indent < CODE_INDENT ? indent : CODE_INDENT;
        end = end ? end + 1 : text + length;
        write_html(page->html, line, (size_t)(end - line));
        line = end;
    }
    fputs("</pre>\n", page->html);
}

void page_comment(struct page *page, const char *comment)
{
    if (page->in_table) {
        write_cell(page, comment);
        return;
    }
    while (*comment) {
        const char *end = strstr(comment, "\n\n");
        size_t length = end ? (size_t)(end - comment) : strlen(comment);
        block_begin(page);
        if (strspn(comment, " ") >= CODE_INDENT)
            write_code(page, comment, length);
        else {
            fputs("<p>", page->html);
            write_run(page, comment, length);
            fputs("</p>\n", page->html);
        }
        fputs("\n", page->markdown);
        comment += length;
        while (*comment == '\n')
            comment++;
    }
}

void page_line_begin(struct page *page)
{
    block_begin(page);
    fputs("<p class=\"declaration\">", page->html);
}

void page_line_end(struct page *page)
{
    fputs("</p>\n", page->html);
    fputs("\n", page->markdown);
}

void page_words(struct page *page, const char *text)
{
    write_html(page->html, text, strlen(text));
    write_markdown(page->markdown, text, strlen(text));
}

void page_link(struct page *page, const char *name, const char *anchor, const char *text)
{
    const char *mark = *anchor ? "#" : "";
    fprintf(page->html, "<a href=\"%s.html%s%s\">", name, mark, anchor);
    write_html(page->html, text, strlen(text));
    fputs("</a>", page->html);
    fputc('[', page->markdown);
    write_markdown(page->markdown, text, strlen(text));
    fprintf(page->markdown, "](%s.md%s%s)", name, mark, anchor);
}

void page_table_begin(struct page *page, const char *const *heads, unsigned count)
{
    block_begin(page);
    fputs("<table>\n<tr>", page->html);
    for (unsigned i = 0; i < count; i++) {
        fprintf(page->html, "<th>%s</th>", heads[i]);
        fprintf(page->markdown, "| %s ", heads[i]);
    }
    fputs("</tr>\n", page->html);
    fputs("|\n", page->markdown);
    for (unsigned i = 0; i < count; i++)
        fputs("| --- ", page->markdown);
    fputs("|\n", page->markdown);
    page->in_table = true;
}

void page_row_begin(struct page *page)
{
    fputs("<tr>", page->html);
    page->cells = 0;
}

void page_cell(struct page *page)
{
    fputs(page->cells++ ? "</td><td>" : "<td>", page->html);
    fputs("| ", page->markdown);
}

void page_row_end(struct page *page)
{
    fputs("</td></tr>\n", page->html);
    fputs("|\n", page->markdown);
}

void page_table_end(struct page *page)
{
    fputs("</table>\n", page->html);
    page->in_table = false;
}
