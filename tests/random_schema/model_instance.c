/* SPDX-License-Identifier: MIT */
/* Instances of generics: each is one more struct. */
#include "model.h"

#include <string.h>

/* The generator calls a brand that was made of another, and has more types than these in it, by its
 * generic's name: there is none of them. */
enum { TYPES_MAX = 8 };

static bool is_same_type(struct type a, struct type b)
{
    return a.kind == b.kind && a.index == b.index && a.lists == b.lists;
}

/* How many types the arguments of a struct are made of. */
static int count_types(const struct model *model, const struct type *arguments, int parameters)
{
    int count = 0;
    for (int i = 0; i < parameters; i++) {
        const struct structure *inner = &model->structs[arguments[i].index];
        count += 1 + arguments[i].lists;
        if (arguments[i].kind == KIND_STRUCT)
            count += count_types(model, inner->arguments, inner->parameters);
    }
    return count;
}

int model_instance(struct model *model, int generic, const struct type *arguments)
{
    int parameters = model->structs[generic].parameters;
    for (int at = 0; at < model->struct_count; at++) {
        bool is_same = model->structs[at].generic == generic;
        for (int i = 0; i < parameters && is_same; i++)
            is_same = is_same_type(model->structs[at].arguments[i], arguments[i]);
        if (is_same)
            return at;
    }
    if (model->struct_count == STRUCTS_MAX ||
        count_types(model, arguments, parameters) > TYPES_MAX) {
        model->is_full = true;
        return generic;
    }
    struct structure *made = &model->structs[model->struct_count];
    *made = (struct structure){.since = model->structs[generic].since, .parent = -1, .body = -1,
                               .generic = generic, .parameters = parameters};
    memcpy(made->arguments, arguments, sizeof made->arguments);
    return model->struct_count++;
}

/* Does a type name a parameter. */
static bool is_open(const struct model *model, struct type type)
{
    const struct structure *structure = &model->structs[type.index];
    if (type.kind == KIND_STRUCT && structure->generic >= 0)
        for (int i = 0; i < structure->parameters; i++)
            if (is_open(model, structure->arguments[i]))
                return true;
    return type.kind == KIND_PARAMETER;
}

/* A type with arguments in the place of parameters. */
static struct type substitute(struct model *model, struct type type, const struct type *arguments)
{
    struct type inner[PARAMETERS_MAX] = {0};
    if (type.kind == KIND_PARAMETER)
        return arguments[type.index];
    if (!is_open(model, type))
        return type;
    const struct structure *structure = &model->structs[type.index];
    for (int i = 0; i < structure->parameters; i++)
        inner[i] = substitute(model, structure->arguments[i], arguments);
    type.index = model_instance(model, structure->generic, inner);
    return type;
}

/* Copy a member and what is in it, with arguments in the place of parameters. Names stay. */
static int copy_member(struct model *model, int number, const struct type *arguments)
{
    if (model->member_count == MEMBERS_MAX) {
        model->is_full = true;
        return number;
    }
    int made = model->member_count++;
    model->members[made] = model->members[number];
    for (int version = 0; version < VERSIONS; version++)
        model->members[made].type[version] =
            substitute(model, model->members[number].type[version], arguments);
    for (int i = 0; i < model->members[number].child_count; i++)
        model->members[made].children[i] =
            copy_member(model, model->members[number].children[i], arguments);
    return made;
}

static void mark_struct(struct model *model, int index, int version);

/* Mark the structs that a member of a version leads to. */
static void mark_member(struct model *model, int number, int version)
{
    const struct member *member = &model->members[number];
    struct type type = member->type[version];
    if (member->form == FORM_FIELD && member->since <= version && type.kind == KIND_STRUCT)
        mark_struct(model, type.index, version);
    for (int i = 0; i < member->child_count; i++)
        mark_member(model, member->children[i], version);
}

static void mark_struct(struct model *model, int index, int version)
{
    if (model->structs[index].is_used[version])
        return;
    model->structs[index].is_used[version] = true;
    mark_member(model, model->structs[index].body, version);
}

void model_expand(struct model *model)
{
    /* What is copied may lead to further instances, which come behind. */
    for (int i = 0; i < model->struct_count && !model->is_full; i++) {
        struct structure *made = &model->structs[i];
        if (made->generic >= 0 && !is_open(model, (struct type){KIND_STRUCT, i, 0}))
            made->body = copy_member(model, model->structs[made->generic].body, made->arguments);
    }
    for (int i = 0; i < model->struct_count && !model->is_full; i++)
        for (int version = 0; version < VERSIONS; version++)
            if (model->structs[i].parameters == 0 && model->structs[i].since <= version)
                mark_struct(model, i, version);
}
