/* SPDX-License-Identifier: MIT */
/* Making a schema at random. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 7, LISTS_MAX = 3, DEPTH_MAX = 3 /* of arguments */ };

static int add_member(struct model *model, int parent, enum form form, int since)
{
    struct member *up = parent < 0 ? NULL : &model->members[parent];
    if (model->member_count == MEMBERS_MAX || (up && up->child_count == CHILDREN_MAX))
        return -1;
    int number = model->member_count++;
    model->members[number] = (struct member){.form = form, .since = since, .number = number};
    model->members[number].is_long = random_once_in(&model->random, 4);
    if (up) {
        /* Anywhere among its siblings: the order of declaration means nothing. */
        int at = (int)random_below(&model->random, (uint32_t)up->child_count + 1);
        memmove(up->children + at + 1, up->children + at,
                (size_t)(up->child_count - at) * sizeof up->children[0]);
        up->children[at] = number;
        up->child_count++;
        model->members[number].in_union = up->form == FORM_UNION;
    }
    return number;
}

/* Where a type stands. A union's member leads only to later structs than the one that it is in, so
 * that its values, which are never null, end: this holds for arguments, too. */
struct place {
    int least; /* the first struct that it may lead to */
    int since;
    int parameters; /* how many there are to name */
};

static bool may_lead(const struct model *model, const struct place *place, int index)
{
    return index >= place->least && model->structs[index].since <= place->since;
}

static struct type random_argument(struct model *model, const struct place *place, int depth);

/* The type of a declared struct; an instance if it is a generic. */
static struct type struct_type(struct model *model, const struct place *place, int index, int depth)
{
    struct type arguments[PARAMETERS_MAX] = {0};
    int count = model->structs[index].parameters;
    bool is_same = random_once_in(&model->random, 2);
    for (int i = 0; i < count; i++)
        arguments[i] = is_same && i < place->parameters ? (struct type){KIND_PARAMETER, i, 0}
                                                        : random_argument(model, place, depth + 1);
    return (struct type){KIND_STRUCT, count ? model_instance(model, index, arguments) : index, 0};
}

/* Any declared struct; of another kind if it may not stand there. */
static struct type random_struct(struct model *model, const struct place *place, int depth,
                                 enum kind other)
{
    int index = (int)random_below(&model->random, (uint32_t)model->struct_count);
    if (model->structs[index].generic >= 0)
        index = model->structs[index].generic;
    return may_lead(model, place, index) ? struct_type(model, place, index, depth)
                                         : (struct type){.kind = other};
}

/* What a parameter stands for: only what is a pointer, and no interface, since that would have to
 * be null where the parameter is a union's. */
static struct type random_argument(struct model *model, const struct place *place, int depth)
{
    struct random *random = &model->random;
    uint32_t what = random_below(random, 8);
    struct type type = {.kind = what < 4 ? KIND_TEXT : KIND_DATA};
    if (model->has_any && random_once_in(random, 5))
        return (struct type){.kind = KIND_ANY};
    if (what < 3 && place->parameters > 0)
        return (struct type){KIND_PARAMETER, (int)random_below(random, (uint32_t)place->parameters),
                             0};
    if (what >= 6 && depth < DEPTH_MAX)
        type = random_struct(model, place, depth, KIND_TEXT);
    else if (what == 5)
        type.kind = (enum kind)random_below(random, KIND_STRUCT);
    if (type.kind == KIND_ENUM)
        type.index = (int)random_below(random, (uint32_t)model->enum_count);
    if (type.kind < KIND_TEXT || random_once_in(random, 3))
        type.lists = 1 + (int)random_below(random, 2);
    return type;
}

/* A type for a field of struct `owner`. */
static struct type random_type(struct model *model, int owner, bool in_union, int since)
{
    struct random *random = &model->random;
    struct type type = {.kind = (enum kind)random_below(random, KIND_PARAMETER)};
    struct place place = {in_union ? owner + 1 : 0, since,
                          owner < STRUCTS_MAX ? model->structs[owner].parameters : 0};
    if (place.parameters > 0 && random_once_in(random, 3))
        return (struct type){KIND_PARAMETER, (int)random_below(random, (uint32_t)place.parameters),
                             0};
    if (model->has_generics && random_once_in(random, 6))
        type.kind = KIND_STRUCT;
    if (type.kind == KIND_INTERFACE && !model->has_interface)
        type.kind = KIND_BOOL;
    if (in_union && (type.kind == KIND_INTERFACE || (type.kind == KIND_ANY && !model->has_any)))
        type.kind = KIND_TEXT;
    if (type.kind == KIND_ENUM)
        type.index = (int)random_below(random, (uint32_t)model->enum_count);
    if (type.kind == KIND_STRUCT)
        type = random_struct(model, &place, 0, KIND_INT64);
    if (type.kind < KIND_ANY && random_once_in(random, 3))
        type.lists = 1 + (int)random_below(random, LISTS_MAX);
    return type;
}

/* What an AnyPointer is set to: of the structs, those that are no generics. */
static struct type random_actual(struct model *model, int owner, bool in_union, int since)
{
    struct place place = {in_union ? owner + 1 : 0, since, 0};
    int index = (int)random_below(&model->random, (uint32_t)model->struct_count);
    struct type type = {.kind = KIND_ANY};
    while (type.kind == KIND_ANY)
        type = random_argument(model, &place, DEPTH_MAX);
    if (random_once_in(&model->random, 2) && model->structs[index].parameters == 0 &&
        may_lead(model, &place, index))
        type = (struct type){KIND_STRUCT, index, (int)random_below(&model->random, 2)};
    return type;
}

static int add_field(struct model *model, int parent, int owner, int since)
{
    int number = add_member(model, parent, FORM_FIELD, since);
    if (number < 0)
        return -1;
    struct member *field = &model->members[number];
    field->type[0] = random_type(model, owner, field->in_union, since);
    field->type[1] = field->type[0];
    field->actual.kind = KIND_ANY;
    if (model->has_any)
        field->actual = random_actual(model, owner, field->in_union, since);
    field->has_default = field->type[0].lists == 0 && field->type[0].kind < KIND_STRUCT &&
                         random_once_in(&model->random, 3);
    return number;
}

/* Give a group or union `count` members at least of its own; a group may have a union, too. */
static void fill_body(struct model *model, int body, int owner, int since, int depth, int count)
{
    struct random *random = &model->random;
    bool has_union = model->members[body].form == FORM_UNION;
    for (int i = 0; i < count; i++) {
        uint32_t what = random_below(random, 8);
        int inner;
        if (what == 0 && depth < 3) {
            inner = add_member(model, body, FORM_GROUP, since);
            if (inner >= 0)
                fill_body(model, inner, owner, since, depth + 1, 1 + (int)random_below(random, 3));
        } else if (what == 1 && !has_union && depth < 3) {
            has_union = true;
            inner = add_member(model, body, FORM_UNION, since);
            if (inner >= 0)
                fill_body(model, inner, owner, since, depth + 1, 2 + (int)random_below(random, 4));
        } else
            add_field(model, body, owner, since);
    }
}

static int add_struct(struct model *model, int since)
{
    int index = model->struct_count++;
    struct structure *made = &model->structs[index];
    made->since = since;
    made->parent = -1;
    if (index > 0 && random_once_in(&model->random, 3))
        made->parent = (int)random_below(&model->random, (uint32_t)index);
    else if (index > 1 && model->has_generics && random_once_in(&model->random, 2))
        made->parent = 1 + (int)random_below(&model->random, (uint32_t)index - 1);
    if (made->parent >= 0 && model->structs[made->parent].generic >= 0)
        made->parent = -1;
    if (made->parent >= 0 && (model->structs[made->parent].since > since ||
                              (since > 0 && model->structs[made->parent].parameters > 0)))
        made->parent = -1;
    /* The root is no generic, nor is what elements of lists become. */
    if (made->parent >= 0)
        made->parameters = model->structs[made->parent].parameters;
    if (model->has_generics && index > 0 && since == 0)
        made->parameters +=
            (int)random_below(&model->random, (uint32_t)(PARAMETERS_MAX + 1 - made->parameters));
    made->generic = -1;
    made->body = add_member(model, -1, FORM_GROUP, since);
    return index;
}

/* Move a field of a body that has no union into a new one, with a new member beside it. */
static void wrap_field(struct model *model, int body, int owner)
{
    struct member *up = &model->members[body];
    int chosen = -1;
    for (int i = 0; i < up->child_count; i++) {
        const struct member *child = &model->members[up->children[i]];
        if (child->form == FORM_UNION)
            return;
        /* Values of the field may be null, but in a union they are not: no pointers. */
        if (child->form == FORM_FIELD && child->since == 0 && child->type[0].lists == 0 &&
            child->type[0].kind < KIND_TEXT)
            chosen = i;
    }
    if (chosen < 0)
        return;
    int field = up->children[chosen], wrap = add_member(model, body, FORM_UNION, 1);
    if (wrap < 0)
        return;
    for (chosen = 0; up->children[chosen] != field; chosen++) {
    }
    up->child_count--;
    memmove(up->children + chosen, up->children + chosen + 1,
            (size_t)(up->child_count - chosen) * sizeof up->children[0]);
    model->members[wrap].children[model->members[wrap].child_count++] = field;
    add_field(model, wrap, owner, 1);
}

/* Make the elements of a list structs that begin with what they were. */
static void upgrade_list(struct model *model, struct member *field)
{
    struct type element = field->type[0];
    if (element.lists == 0 || element.kind == KIND_BOOL || element.kind == KIND_STRUCT ||
        model->struct_count == STRUCTS_MAX || field->in_union)
        return;
    int index = add_struct(model, 1);
    int first = add_field(model, model->structs[index].body, STRUCTS_MAX, 1);
    element.lists = 0;
    if (first < 0)
        return;
    model->members[first].type[0] = model->members[first].type[1] = element;
    model->members[first].has_default = false;
    for (int i = 0; i < 2; i++)
        add_field(model, model->structs[index].body, STRUCTS_MAX, 1);
    struct member *body = &model->members[model->structs[index].body];
    for (int i = 0; i < body->child_count; i++)
        if (body->children[i] == first) {
            body->children[i] = body->children[0];
            body->children[0] = first; /* its ordinal must be 0 */
        }
    field->type[1].kind = KIND_STRUCT;
    field->type[1].index = index;
}

/* What version 1 adds to a body and to what is in it. */
static void extend(struct model *model, int body, int owner)
{
    struct member *up = &model->members[body];
    struct random *random = &model->random;
    for (int i = 0; i < up->child_count; i++) {
        struct member *child = &model->members[up->children[i]];
        if (child->since > 0)
            continue;
        if (child->form != FORM_FIELD)
            extend(model, up->children[i], owner);
        else if (random_once_in(random, 6))
            upgrade_list(model, child);
    }
    if (up->form == FORM_GROUP && random_once_in(random, 2))
        wrap_field(model, body, owner);
    if (random_once_in(random, 2))
        add_field(model, body, owner, 1);
    if (random_once_in(random, 4)) {
        int group = add_member(model, body, FORM_GROUP, 1);
        if (group >= 0)
            fill_body(model, group, owner, 1, 2, 2);
    }
}

/* Number the fields of a version, mostly in the order of declaration, from `next` on. */
static int number_fields(struct model *model, int body, int version, int next)
{
    struct member *up = &model->members[body];
    for (int i = 0; i < up->child_count; i++) {
        struct member *child = &model->members[up->children[i]];
        if (child->form != FORM_FIELD)
            next = number_fields(model, up->children[i], version, next);
        else if (child->since == version)
            child->ordinal = next++;
    }
    return next;
}

/* Swap the ordinals of some fields of version 0. */
static void mix_fields(struct model *model, int body, struct member **other)
{
    struct member *up = &model->members[body];
    for (int i = 0; i < up->child_count; i++) {
        struct member *child = &model->members[up->children[i]];
        if (child->form != FORM_FIELD)
            mix_fields(model, up->children[i], other);
        else if (child->since == 0 && random_once_in(&model->random, 4)) {
            if (*other) {
                int ordinal = child->ordinal;
                child->ordinal = (*other)->ordinal;
                (*other)->ordinal = ordinal;
            }
            *other = child;
        }
    }
}

/* Give groups and unions the least ordinal of what they hold. */
static int lead_groups(struct model *model, int number)
{
    struct member *member = &model->members[number];
    int least = member->form == FORM_FIELD ? member->ordinal : INT32_MAX;
    for (int i = 0; i < member->child_count; i++) {
        int inner = lead_groups(model, member->children[i]);
        least = inner < least ? inner : least;
    }
    return member->ordinal = least;
}

/* Number the fields of all structs. */
static void number_all(struct model *model)
{
    for (int i = 0; i < model->struct_count; i++) {
        struct member *other = NULL;
        if (model->structs[i].generic >= 0)
            continue;
        int next = number_fields(model, model->structs[i].body, 0, 0);
        mix_fields(model, model->structs[i].body, &other);
        number_fields(model, model->structs[i].body, 1, next);
        lead_groups(model, model->structs[i].body);
    }
}

/* Add a field that leads from one struct to another. */
static void add_link(struct model *model, int from, int to)
{
    struct place place = {0, 0, model->structs[from].parameters};
    int link = add_field(model, model->structs[from].body, from, 0);
    if (link < 0)
        return;
    struct type type = struct_type(model, &place, to, 0);
    type.lists = (int)random_below(&model->random, 2);
    model->members[link].type[0] = model->members[link].type[1] = type;
    model->members[link].has_default = false;
}

/* Make a schema with what was drawn so far. */
static void make(struct model *model)
{
    struct random *random = &model->random;
    model->enum_count = 1 + (int)random_below(random, ENUMS_MAX);
    for (int i = 0; i < model->enum_count; i++) {
        model->enumerants[i][0] = 1 + (int)random_below(random, 4);
        model->enumerants[i][1] = model->enumerants[i][0] + (int)random_below(random, 3);
    }
    int count = (model->has_generics ? 3 : 2) + (int)random_below(random, 2);
    for (int i = 0; i < count; i++)
        add_struct(model, 0);
    for (int i = 0; i < count; i++) {
        int body = model->structs[i].body;
        fill_body(model, body, i, 0, 0,
                  1 + (int)random_below(random, model->has_generics ? BODY_MAX / 2 : BODY_MAX));
        /* The root leads to each of the others, and a generic to what is declared in it. */
        if (i > 0)
            add_link(model, 0, i);
        if (model->structs[i].parent > 0 && model->has_generics)
            add_link(model, model->structs[i].parent, i);
    }
    for (int i = 0; i < count; i++)
        extend(model, model->structs[i].body, i);
    number_all(model);
    model_expand(model);
}

void model_make(struct model *model, uint64_t seed)
{
    struct random random = {.state = seed * UINT64_C(0x5851f42d4c957f2d) + 1};
    do {
        memset(model, 0, sizeof *model);
        model->random = random;
        model->has_interface = seed % 4 == 0;
        model->has_generics = seed % 2 != 0;
        model->has_any = seed % 4 >= 2;
        make(model);
        random = model->random;
    } while (model->is_full);
}

static int compare_members(const void *a, const void *b)
{
    const struct member *first = *(const struct member *const *)a;
    const struct member *second = *(const struct member *const *)b;
    return first->ordinal - second->ordinal;
}

/* Add the members of a version to `fields`, with those of its union, or of one not yet there. */
static int collect(const struct model *model, int body, int version, const struct member **fields,
                   int count)
{
    const struct member *up = &model->members[body];
    for (int i = 0; i < up->child_count; i++) {
        const struct member *child = &model->members[up->children[i]];
        if (child->form == FORM_UNION)
            count = collect(model, up->children[i], version, fields, count);
        else if (child->since <= version)
            fields[count++] = child;
    }
    return count;
}

int model_fields(const struct model *model, int body, int version, const struct member **fields,
                 bool *is_choice)
{
    const struct member *chosen[MEMBERS_MAX];
    int count = collect(model, body, version, fields, 0), choices = 0;
    const struct member *up = &model->members[body];
    for (int i = 0; i < up->child_count; i++) {
        const struct member *child = &model->members[up->children[i]];
        if (child->form == FORM_UNION && child->since <= version)
            choices = collect(model, up->children[i], version, chosen, choices);
    }
    qsort(fields, (size_t)count, sizeof *fields, compare_members);
    for (int i = 0; i < count; i++) {
        is_choice[i] = false;
        for (int j = 0; j < choices; j++)
            is_choice[i] |= chosen[j] == fields[i];
    }
    return count;
}
