/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <assert.h>
#include <stdbool.h>

#include "text.h"

enum { COMMAND_NAME_BYTES = 32 };

void command_split(char *line, uint32_t rest, struct command_words *words)
{
    bool in_word = false;
    words->count = 0;
    for (char *c = line; *c != 0; c++) {
        if (*c == ' ' || *c == '\t') {
            *c = 0;
            in_word = false;
        } else if (!in_word) {
            in_word = true;
            if (words->count == COMMAND_WORDS_MAX)
                return;
            words->word[words->count++] = c;
            if (rest != 0 && words->count == rest + 1) {
                char *end = c + strlen(c);
                while (end[-1] == ' ' || end[-1] == '\t')
                    *--end = 0;
                return;
            }
        }
    }
}

static bool begins(const char *text, const char *beginning)
{
    while (*beginning != 0 && *text == *beginning) {
        text++;
        beginning++;
    }
    return *beginning == 0;
}

static const struct command *find(const struct command *table, uint32_t count, const char *word,
                                  enum command_result *why)
{
    const struct command *found = NULL;
    *why = COMMAND_UNKNOWN;
    for (uint32_t i = 0; i < count; i++) {
        if (!begins(table[i].name, word))
            continue;
        if (table[i].name[strlen(word)] == 0)
            return &table[i]; /* the whole name goes before names that begin with it */
        *why = found ? COMMAND_AMBIGUOUS : COMMAND_UNKNOWN;
        if (*why == COMMAND_AMBIGUOUS)
            return NULL;
        found = &table[i];
    }
    return found;
}

static uint32_t count_of(const char *text, char wanted)
{
    uint32_t count = 0;
    for (; *text != 0; text++)
        count += *text == wanted;
    return count;
}

enum command_result command_run(const struct command *table, uint32_t count, char *line,
                                void *context, const struct command **found)
{
    struct command_words words;
    enum command_result why;
    assert(table != NULL);
    if (found)
        *found = NULL;
    char first[COMMAND_NAME_BYTES];
    while (*line == ' ' || *line == '\t')
        line++;
    uint32_t length = 0;
    while (line[length] != 0 && line[length] != ' ' && line[length] != '\t')
        length++;
    if (length == 0)
        return COMMAND_NOTHING;
    if (length >= sizeof first)
        return COMMAND_UNKNOWN;
    text_copy(first, sizeof first, line, length);
    const struct command *command = find(table, count, first, &why);
    if (!command)
        return why;
    if (found)
        *found = command;
    uint32_t optional = count_of(command->arguments, '[');
    bool takes_rest = count_of(command->arguments, '.') > 0;
    command_split(line, takes_rest ? command->argument_count : 0, &words);
    if (words.count > command->argument_count + 1 ||
        words.count + optional < command->argument_count + 1)
        return COMMAND_WRONG_ARGUMENTS;
    command->run(&words, context);
    return COMMAND_RUN;
}
