/* SPDX-License-Identifier: MIT */
/*
 * monitor: a person's window into the system, on the console. It reads a line with line.h, runs the
 * command with command.h, and asks the supervisor, the kernel, the log and the clock; the last two
 * only where the composition connects them.
 */
#include "clock.capnp.h"
#include "command.h"
#include "completion.h"
#include "console.capnp.h"
#include "date.h"
#include "files.h"
#include "format.h"
#include "kernel_names.h"
#include "kernel_stubs.h"
#include "line.h"
#include "log.capnp.h"
#include "market.h"
#include "nodes.h"
#include "print.h"
#include "scheduler.h"
#include "service.h"
#include "startup.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"

enum { READ_BYTES = 256, MISSING_BINDING = 1, COUNTERS_PER_CALL = 6, LOG_BYTES = 80 };

static struct console_client console;
static struct supervisor_client supervisor;
static struct log_client journal;
static struct clock_client wall_clock;
static bool has_journal, has_clock;
static struct line line;
static bool leaving;

static const char *const state_names[] = {"stopped", "running", "ended", "crashed"};
static const char *const level_names[] = {"error", "warning", "notice", "debug"};

static const char *name_of(const char *const *names, uint32_t count, uint32_t value)
{
    return value < count ? names[value] : "?";
}

/* Say what went wrong with a call; true when nothing did. */
static bool answered(enum exo_status status)
{
    if (status != EXO_STATUS_OK)
        print("no answer. %s\n", exo_status_sentences[status]);
    return status == EXO_STATUS_OK;
}

/* One line; time is shown in slices, of `slice_ticks` each. */
static void print_component(struct supervisor_component_reader component, uint64_t slice_ticks)
{
    struct capnp_text name;
    uint64_t ticks = supervisor_component_get_ticks(component);
    uint64_t tenths = slice_ticks > 0 ? ticks / slice_ticks * 10 + ticks % slice_ticks * 10 /
                                            slice_ticks : 0;
    uint32_t state = supervisor_component_get_state(component);
    supervisor_component_get_name(component, &name);
    print("%-22.*s %-8s %6lu %6lu %16ld %5u %8lu.%lu %8lu %4u\n", (int)name.length, name.bytes,
          name_of(state_names, 4, state), supervisor_component_get_frames(component),
          supervisor_component_get_held(component), supervisor_component_get_balance(component),
          supervisor_component_get_share(component), tenths / 10, tenths % 10,
          supervisor_component_get_calls(component), supervisor_component_get_restarts(component));
}

static void run_list(const struct command_words *words, void *context)
{
    uint32_t shown = 0, count = 0;
    (void)words;
    (void)context;
    print("%-22s %-8s %6s %6s %16s %5s %10s %8s %s\n", "component", "state", "frames", "paid",
          "gas", "share", "slices", "calls", "restarts");
    do {
        struct supervisor_list_params params = {.from = shown};
        struct supervisor_list_results results;
        if (!answered(supervisor_list(&supervisor, &params, &results)))
            return;
        uint32_t part = supervisor_component_list_count(results.components);
        for (uint32_t i = 0; i < part; i++)
            print_component(supervisor_component_list_at(results.components, i),
                            results.slice_ticks);
        count = results.count;
        shown += part;
        if (part == 0)
            return;
    } while (shown < count);
}

static void run_nodes(const struct command_words *words, void *context)
{
    (void)words;
    (void)context;
    answered(nodes_show(&supervisor));
}

/* Leave a line in the log, where there is one. */
static void note(const char *name, const char *what)
{
    char text[LOG_BYTES];
    if (!has_journal)
        return;
    uint32_t length = (uint32_t)format(text, sizeof text, "%s %s by hand", name, what);
    struct log_write_params params = {.level = LOG_LEVEL_NOTICE, .text = {text, length}};
    log_write(&journal, &params);
}

static void print_result(const char *name, const char *done, enum supervisor_result result)
{
    switch (result) {
    case SUPERVISOR_RESULT_DONE:
        print("%s %s\n", name, done);
        note(name, done);
        break;
    case SUPERVISOR_RESULT_UNKNOWN_NAME:
        print("there is no component %s; \"list\" names them\n", name);
        break;
    case SUPERVISOR_RESULT_NOT_RUNNING:
        print("%s does not run\n", name);
        break;
    default:
        print("%s cannot be started: there is not enough memory\n", name);
    }
}

/* Would a person who stops this component have no way left to start it again? */
static bool carries_monitor(const char *name)
{
    static const char *const imports[] = {"input", "console"};
    for (uint32_t i = 0; i < 2; i++) {
        struct supervisor_needs_params params = {
            .import = {imports[i], (uint32_t)strlen(imports[i])},
            .name = {name, (uint32_t)strlen(name)}};
        struct supervisor_needs_results results;
        if (supervisor_needs(&supervisor, &params, &results) == EXO_STATUS_OK && results.does)
            return true;
    }
    return false;
}

static void run_stop(const struct command_words *words, void *context)
{
    const char *name = words->word[1];
    struct supervisor_stop_params params = {.name = {name, (uint32_t)strlen(name)}};
    struct supervisor_stop_results results;
    (void)context;
    if (carries_monitor(name))
        print("you talk through %s, and nobody could start it again; use \"restart %s\", or "
              "\"exit\" to end the machine\n", name, name);
    else if (answered(supervisor_stop(&supervisor, &params, &results)))
        print_result(name, "stopped", results.result);
}

static void run_restart(const struct command_words *words, void *context)
{
    const char *name = words->word[1];
    struct supervisor_restart_params params = {.name = {name, (uint32_t)strlen(name)}};
    struct supervisor_restart_results results;
    (void)context;
    if (answered(supervisor_restart(&supervisor, &params, &results)))
        print_result(name, "restarted", results.result);
}

static void run_counters(const struct command_words *words, void *context)
{
    (void)words;
    (void)context;
    for (uint32_t first = 0; first < EXO_COUNTER_COUNT; first += COUNTERS_PER_CALL) {
        uint64_t value[COUNTERS_PER_CALL];
        if (!answered(exo_kernel_counters(first, &value[0], &value[1], &value[2], &value[3],
                                          &value[4], &value[5])))
            return;
        for (uint32_t i = 0; i < COUNTERS_PER_CALL && first + i < EXO_COUNTER_COUNT; i++)
            print("%-18s %16lu\n", exo_counter_names[first + i], value[i]);
    }
}

static void run_log(const struct command_words *words, void *context)
{
    struct log_read_params params = {0};
    struct log_read_results results;
    (void)words;
    (void)context;
    if (!has_journal) {
        print("this composition has no log\n");
        return;
    }
    for (;;) {
        if (!answered(log_read(&journal, &params, &results)))
            return;
        uint32_t count = log_line_list_count(results.lines);
        if (count == 0)
            return;
        for (uint32_t i = 0; i < count; i++) {
            struct log_line_reader entry = log_line_list_at(results.lines, i);
            struct capnp_text text, name;
            log_line_get_text(entry, &text);
            log_line_get_component(entry, &name);
            print("%6lu %-7s %.*s: %.*s\n", log_line_get_number(entry),
                  name_of(level_names, 4, log_line_get_level(entry)), (int)name.length, name.bytes,
                  (int)text.length, text.bytes);
        }
        params.from = results.next;
    }
}

static void run_level(const struct command_words *words, void *context)
{
    const char *name = words->word[1];
    uint32_t level = 0;
    (void)context;
    while (level < 4 && !text_is(words->word[2], strlen(words->word[2]), level_names[level]))
        level++;
    if (level == 4) {
        print("usage: level NAME error|warning|notice|debug\n");
    } else if (!has_journal) {
        print("this composition has no log\n");
    } else {
        struct log_set_level_params params = {.component = {name, (uint32_t)strlen(name)},
                                              .level = (enum log_level)level};
        struct log_set_level_results results = {0};
        if (answered(log_set_level(&journal, &params, &results)) && !results.found)
            print("%s does not write to the log\n", name);
    }
}

static void run_time(const struct command_words *words, void *context)
{
    struct clock_now_results results;
    char date[DATE_BYTES];
    (void)words;
    (void)context;
    if (!has_clock) {
        print("this composition has no clock\n");
        return;
    }
    if (!answered(clock_now(&wall_clock, &results)))
        return;
    if (date_write(date, results.seconds))
        print("%s, ", date);
    print("%lu.%06u seconds since 1970-01-01, %lu ticks since the start\n", results.seconds,
          results.microseconds, results.ticks);
}

static void run_call(const struct command_words *words, void *context)
{
    uint32_t prompt_bytes = (uint32_t)strlen(line.prompt);
    const char *parameters = words->count > 3 ? words->word[3] : "";
    (void)context;
    service_call(words->word[1], words->word[2], parameters,
                 prompt_bytes + (words->count > 3 ? (uint32_t)(parameters - line.text) : 0));
}

static void run_describe(const struct command_words *words, void *context)
{
    (void)context;
    if (words->count == 1)
        service_list();
    else
        service_describe(words->word[1]);
}

static void run_market(const struct command_words *words, void *context)
{
    const char *what = words->count > 1 ? words->word[1] : "price";
    bool demand = text_is(what, strlen(what), "demand");
    (void)context;
    if (demand || text_is(what, strlen(what), "price"))
        market_show(demand);
    else
        print("usage: market [price|demand]\n");
}

static void run_scheduler(const struct command_words *words, void *context)
{
    (void)context;
    if (words->count == 1)
        scheduler_show(&supervisor);
    else if (words->count == 3 && text_is(words->word[1], strlen(words->word[1]), "use"))
        scheduler_change(words->word[2]);
    else
        print("usage: scheduler [use RULE]\n");
}

static void run_mount(const struct command_words *words, void *context)
{
    (void)words, (void)context;
    files_mounts();
}

static void run_df(const struct command_words *words, void *context)
{
    (void)words, (void)context;
    files_room();
}

static void run_ls(const struct command_words *words, void *context)
{
    (void)context;
    files_list(words->count > 1 ? words->word[1] : "/");
}

static void run_tree(const struct command_words *words, void *context)
{
    (void)context;
    files_tree(words->word[1]);
}

static void run_cat(const struct command_words *words, void *context)
{
    (void)context;
    files_show(words->word[1]);
}

static void run_hexdump(const struct command_words *words, void *context)
{
    (void)context;
    files_dump(words->word[1]);
}

static void run_cp(const struct command_words *words, void *context)
{
    (void)context;
    files_copy(words->word[1], words->word[2]);
}

static void run_exit(const struct command_words *words, void *context)
{
    (void)words;
    (void)context;
    leaving = true;
}

static void run_help(const struct command_words *words, void *context);

static const struct command commands[] = {
    {"call", "SERVICE METHOD [(...)]", 3, "Call a service and show its answer.", run_call},
    {"describe", "[SERVICE]", 1, "Show what a service can do, or all services.", run_describe},
    {"list", "", 0, "Show the components, with state, memory, gas, slices and calls.", run_list},
    {"nodes", "", 0, "Show where memory is, near and far, and what copies cost.", run_nodes},
    {"stop", "NAME", 1, "Stop a component and take its memory back.", run_stop},
    {"restart", "NAME", 1, "Stop a component if it runs, and start it again.", run_restart},
    {"counters", "", 0, "Show what the kernel counted on this core.", run_counters},
    {"log", "", 0, "Show the lines that the log keeps.", run_log},
    {"level", "NAME LEVEL", 2, "Keep a component's log lines up to a level only.", run_level},
    {"time", "", 0, "Show the time of day.", run_time},
    {"market", "[price|demand]", 1, "Show who buys slots, and a plot.", run_market},
    {"scheduler", "[use] [RULE]", 2, "Show who gets which slots, or use a rule.", run_scheduler},
    {"mount", "", 0, "Show which file systems there are.", run_mount},
    {"df", "", 0, "Show how much room they have.", run_df},
    {"ls", "[PATH]", 1, "List a directory: /NAME/..., by the names that mount shows.", run_ls},
    {"tree", "PATH", 1, "Show all that is below a directory.", run_tree},
    {"cat", "PATH", 1, "Show a file.", run_cat},
    {"hexdump", "PATH", 1, "Show a file's bytes as numbers.", run_hexdump},
    {"cp", "FROM TO", 2, "Copy a file.", run_cp},
    {"help", "", 0, "Show this.", run_help},
    {"exit", "", 0, "End the machine.", run_exit},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void run_help(const struct command_words *words, void *context)
{
    (void)words;
    (void)context;
    for (uint32_t i = 0; i < COMMAND_COUNT; i++)
        print("%-9s %-14s %s\n", commands[i].name, commands[i].arguments, commands[i].help);
    print("A command's beginning is enough, and Tab completes. Up and down show earlier lines.\n");
}

/* Offer the names of all components. */
static void offer_components(struct completion *completion)
{
    uint32_t shown = 0, count = 0;
    do {
        struct supervisor_list_params params = {.from = shown};
        struct supervisor_list_results results;
        if (supervisor_list(&supervisor, &params, &results) != EXO_STATUS_OK)
            return;
        uint32_t part = supervisor_component_list_count(results.components);
        for (uint32_t i = 0; i < part; i++) {
            struct capnp_text name;
            supervisor_component_get_name(supervisor_component_list_at(results.components, i),
                                          &name);
            completion_offer(completion, name.bytes, name.length);
        }
        count = part == 0 ? 0 : results.count;
        shown += part;
    } while (shown < count);
}

/* Offer what can stand at the cursor: a command, or what the command before it takes there. */
static void offer(struct completion *completion)
{
    const char *first = completion->words[0];
    uint32_t length = (uint32_t)strlen(first);
    struct capnp_text name;
    bool calls = text_is(first, length, "call"), describes = text_is(first, length, "describe");
    bool takes_component = text_is(first, length, "stop") || text_is(first, length, "restart") ||
                           text_is(first, length, "level");
    if (completion->index == 0) {
        for (uint32_t i = 0; i < COMMAND_COUNT; i++)
            completion_offer(completion, commands[i].name, (uint32_t)strlen(commands[i].name));
    } else if (completion->index == 1 && takes_component) {
        offer_components(completion);
    } else if (completion->index == 1 && (calls || describes)) {
        for (uint32_t i = 0; (name = service_name(i)).length > 0; i++)
            completion_offer(completion, name.bytes, name.length);
    } else if (completion->index == 2 && calls) {
        const char *service = completion->words[1];
        for (uint32_t i = 0; (name = service_method_name(service, i)).length > 0; i++)
            completion_offer(completion, name.bytes, name.length);
    }
}

/* Add what is certain to the line; when nothing is, show what there is to choose from. */
static void complete(void)
{
    static struct completion completion;
    char added[COMPLETION_NAME_BYTES + 1];
    if (!completion_begin(&completion, line.text, line.cursor))
        return;
    offer(&completion);
    uint32_t bytes = completion_result(&completion, added);
    line_add(&line, added, bytes);
    if (bytes > 0 || completion.count == 0)
        return;
    for (uint32_t i = 0; i < completion.count && i < COMPLETION_NAMES_MAX; i++)
        print("%s%s", i == 0 ? "\n" : "  ", completion.names[i]);
    print("\n");
    line_show(&line);
}

static void run_line(void)
{
    const struct command *command;
    switch (command_run(commands, COMMAND_COUNT, line.text, NULL, &command)) {
    case COMMAND_UNKNOWN:
        print("there is no such command; \"help\" lists them\n");
        break;
    case COMMAND_AMBIGUOUS:
        print("several commands begin so; \"help\" lists them\n");
        break;
    case COMMAND_WRONG_ARGUMENTS:
        print("usage: %s %s\n", command->name, command->arguments);
        break;
    default:
        break;
    }
}

static void show(void)
{
    print_text(line.output, line.output_bytes);
    line.output_bytes = 0;
}

/* Take what was typed; a console that was restarted is reached again. */
static void take(const char *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count && !leaving; i++) {
        enum line_result result = line_take(&line, (unsigned char)bytes[i]);
        if (result == LINE_COMPLETE)
            complete();
        show();
        if (result == LINE_MORE || result == LINE_COMPLETE)
            continue;
        if (result == LINE_DONE)
            run_line();
        leaving = leaving || result == LINE_CLOSED;
        if (!leaving)
            line_begin(&line);
        show();
    }
}

static bool open_all(void)
{
    const struct binding *binding = binding_import("log");
    has_journal = binding && log_client_open(&journal, binding) == EXO_STATUS_OK;
    binding = binding_import("clock");
    has_clock = binding && clock_client_open(&wall_clock, binding) == EXO_STATUS_OK;
    service_open();
    binding = binding_import("supervisor");
    if (!binding || supervisor_client_open(&supervisor, binding) != EXO_STATUS_OK)
        return false;
    binding = binding_import("input");
    return binding && console_client_open(&console, binding) == EXO_STATUS_OK;
}

int component_main(void)
{
    if (!open_all()) {
        print("monitor: it needs the imports \"input\" (console.Console) and \"supervisor\"\n");
        return MISSING_BINDING;
    }
    print("ExoV6. \"help\" lists the commands.\n");
    line_start(&line, "> ");
    line_begin(&line);
    show();
    while (!leaving) {
        char bytes[READ_BYTES];
        struct console_read_params params = {.room = sizeof bytes, .deadline = UINT64_MAX};
        struct console_read_results results;
        enum exo_status status = console_read(&console, &params, &results);
        if (status == EXO_STATUS_OK) {
            uint32_t count =
                results.text.length < sizeof bytes ? results.text.length : sizeof bytes;
            memcpy(bytes, results.text.bytes, count);
            take(bytes, count);
        } else if (console_reconnect(&console) != EXO_STATUS_OK) {
            uint64_t bits;
            exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(10000), &bits);
        }
    }
    struct supervisor_end_params params = {.status = 0};
    supervisor_end(&supervisor, &params);
    return 0;
}
