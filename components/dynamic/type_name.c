/* SPDX-License-Identifier: MIT */
#include "type_name.h"

const char *type_name(enum schema_type_which which)
{
    static const char *const names[] = {
        "Void", "Bool", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64",
        "Float32", "Float64", "Text", "Data", "List", "enum", "struct", "interface", "AnyPointer",
    };
    return which < sizeof names / sizeof *names ? names[which] : "?";
}
