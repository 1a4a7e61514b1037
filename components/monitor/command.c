/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <assert.h>
#include <stdbool.h>

#include "text.h"

void command_split(char *line, struct command_words *words)
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

enum command_result command_run(const struct command *table, uint32_t count, char *line,
                                void *context, const struct command **found)
{
    struct command_words words;
    enum command_result why;
    assert(table != NULL);
    if (found)
        *found = NULL;
    command_split(line, &words);
    if (words.count == 0)
        return COMMAND_NOTHING;
    const struct command *command = find(table, count, words.word[0], &why);
    if (!command)
        return why;
    if (found)
        *found = command;
    if (words.count != command->argument_count + 1)
        return COMMAND_WRONG_ARGUMENTS;
    command->run(&words, context);
    return COMMAND_RUN;
}
