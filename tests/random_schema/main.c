/* SPDX-License-Identifier: MIT */
/*
 * random_schema FOLDER SEED... writes into FOLDER, for each seed N, the schemas rNo.capnp and
 * rNn.capnp (old and new version), rNo.judge and rNn.judge, by which the C++ implementation reads
 * and writes their messages, and drivers.c, which includes what the generator makes of them and has
 * a table of them all.
 */
#include "print.h"

#include <stdlib.h>

/* Open a file of the folder for writing. */
static FILE *open_file(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

int main(int argument_count, char **arguments)
{
    static struct model model;
    char name[64];
    if (argument_count < 3)
        return fprintf(stderr, "Usage: random_schema FOLDER SEED...\n"), 2;
    FILE *drivers = open_file(arguments[1], "drivers.c");
    fprintf(drivers, "#include \"support.h\"\n#include <stdlib.h>\n\n");
    for (int i = 2; i < argument_count; i++) {
        uint64_t seed = strtoull(arguments[i], NULL, 10);
        model_make(&model, seed);
        for (int version = 0; version < VERSIONS; version++) {
            snprintf(name, sizeof name, "r%ju%c.capnp", (uintmax_t)seed, "on"[version]);
            FILE *file = open_file(arguments[1], name);
            print_schema(file, &model, version, seed << 8 | (uint64_t)version << 4, false);
            fclose(file);
            snprintf(name, sizeof name, "r%ju%c.judge", (uintmax_t)seed, "on"[version]);
            file = open_file(arguments[1], name);
            print_schema(file, &model, version, seed << 8 | (uint64_t)version << 4, model.has_any);
            fclose(file);
            snprintf(name, sizeof name, "r%ju%c", (uintmax_t)seed, "on"[version]);
            print_driver(drivers, &model, version, name);
        }
    }
    fprintf(drivers, "const struct driver drivers[] = {\n");
    for (int i = 2; i < argument_count; i++)
        for (int version = 0; version < VERSIONS; version++)
            fprintf(drivers, "    {\"r%s%c\", &r%s%c_s0_element},\n", arguments[i], "on"[version],
                    arguments[i], "on"[version]);
    fprintf(drivers, "    {NULL, NULL}};\n");
    return fclose(drivers) != 0;
}
