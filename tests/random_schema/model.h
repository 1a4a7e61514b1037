/* SPDX-License-Identifier: MIT */
/*
 * A schema made at random, in two versions: version 1 extends version 0 by changes that the
 * language allows (fields, members of unions, enumerants, groups; a field that moves into a new
 * union; a list whose elements become structs). Everything says since when it is there.
 */
#ifndef MODEL_H
#define MODEL_H
#include "random.h"

#include <stdbool.h>

enum { STRUCTS_MAX = 14, ENUMS_MAX = 2, MEMBERS_MAX = 512, CHILDREN_MAX = 24, VERSIONS = 2 };
enum { PARAMETERS_MAX = 2 };

/* What a field is, or the elements of a list are. The kinds before KIND_TEXT are no pointers. */
enum kind {
    KIND_VOID, KIND_BOOL, KIND_INT8, KIND_INT16, KIND_INT32, KIND_INT64, KIND_UINT8, KIND_UINT16,
    KIND_UINT32, KIND_UINT64, KIND_FLOAT32, KIND_FLOAT64, KIND_ENUM, KIND_TEXT, KIND_DATA,
    KIND_STRUCT, KIND_ANY, KIND_INTERFACE, KIND_PARAMETER, KIND_COUNT
};

/* A type: `lists` times List() around a kind. */
struct type {
    enum kind kind;
    int index; /* of the enum, struct or parameter */
    int lists;
};

enum form { FORM_FIELD, FORM_GROUP, FORM_UNION };

/* A field; or a group or an unnamed union of further members. */
struct member {
    enum form form;
    int since;   /* the first version that has it */
    int number;  /* of this member, for its name */
    bool is_long; /* its name has two words */
    bool in_union; /* a direct child of a union */
    bool has_default;
    int ordinal; /* of a field, or the least of those inside, set by model_finish */
    struct type type[VERSIONS];
    struct type actual; /* what is set where the type is AnyPointer; KIND_ANY stays null */
    int children[CHILDREN_MAX];
    int child_count;
};

/*
 * A struct: its body is a member of form FORM_GROUP. A generic, which has parameters of its own or
 * of those that it is declared in, is used as its instances alone. An instance is a struct of its
 * own, whose body is the generic's with the arguments in the place of the parameters. It has none,
 * body -1, where an argument is a parameter itself: then it stands in the body of a generic.
 */
struct structure {
    int since;
    int parent; /* the struct that it is declared in, or -1 */
    int parameters; /* how many it has, those of its parents, which come first, included */
    int generic; /* of an instance, the struct that was declared; or -1 */
    struct type arguments[PARAMETERS_MAX]; /* of an instance */
    bool is_used[VERSIONS]; /* what a version declares without parameters leads to it */
    int body;
};

struct model {
    struct random random;
    bool has_interface; /* a quarter of the schemas, since its code takes time to compile */
    bool has_generics;
    bool has_any; /* AnyPointers are set; parameters may be left open, which read as those */
    bool is_full; /* there was no room for an instance: the model is of no use */
    int enum_count, struct_count, member_count;
    int enumerants[ENUMS_MAX][VERSIONS]; /* how many there are in each version */
    struct structure structs[STRUCTS_MAX];
    struct member members[MEMBERS_MAX];
};

/* The instance of a generic with some arguments; a new one if there is none yet. */
int model_instance(struct model *model, int generic, const struct type *arguments);

/* Give instances their bodies, when all that is declared has its own, and mark what is used. */
void model_expand(struct model *model);

/* Make the schema of a seed. */
void model_make(struct model *model, uint64_t seed);

/* The direct members of a body in a version, in the order of their ordinals; those of its union are
 * among them, and `is_choice` says which. A field is no choice where its union is not yet there.
 * Returns how many; both arrays have room for MEMBERS_MAX. */
int model_fields(const struct model *model, int body, int version, const struct member **fields,
                 bool *is_choice);
#endif
