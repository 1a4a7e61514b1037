# SPDX-License-Identifier: MIT
#
# Reads the limits and then the lines `bench NAME VALUE UNIT`; prints the table and writes the file
# `json` anew: figures of other architectures, of the host, and the ratios stay as they were, and so
# do those of this one that were not measured now. Exit status 1 when a figure breaks its limit, or
# when one of the `part` that was measured is missing: limits of names that begin with `host.codec_`
# are the part `codec`; of the others, which have none, those with no architecture's name before
# them, or with that of `arch`, are meant.

# The old file: objects in one object, each a figure {"value": N, "unit": "U"} or a plain number.
function read_json(   text, line, group, name, depth, token, rest) {
    while ((getline line < json) > 0) text = text line " "
    close(json)
    while (match(text, /[{}]|"[^"]*"|-?[0-9][0-9.eE+-]*/)) {
        token = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (token == "{") depth++
        else if (token == "}") depth--
        else if (depth == 1) group = substr(token, 2, length(token) - 2)
        else if (depth == 2 && token ~ /^"/) name = substr(token, 2, length(token) - 2)
        else if (depth == 2) keep(group, name, token, "")
        else if (token == "\"value\"" || token == "\"unit\"") rest = token
        else if (rest == "\"value\"") value_read = token
        else keep(group, name, value_read, substr(token, 2, length(token) - 2))
    }
}

function keep(group, name, value, unit) {
    if (!(group in seen)) { seen[group] = 1; groups[++group_count] = group }
    if (!((group, name) in values)) names[group, ++counts[group]] = name
    values[group, name] = value
    units[group, name] = unit
}

function group_text(group,   text, at, name) {
    text = "{"
    for (at = 1; at <= counts[group]; at++) {
        name = names[group, at]
        text = text (at > 1 ? "," : "") "\n    \"" name "\": "
        if (units[group, name] == "") text = text values[group, name]
        else text = text "{\"value\": " values[group, name] ", " \
            "\"unit\": \"" units[group, name] "\"}"
    }
    return text (counts[group] ? "\n  }" : "}")
}

function write_json(   at, text) {
    text = "{\n"
    for (at = 1; at <= group_count; at++) {
        text = text "  \"" groups[at] "\": " group_text(groups[at])
        text = text (at < group_count ? ",\n" : "\n")
    }
    printf "%s}\n", text > json
    close(json)
}

BEGIN {
    seen[arch] = seen["host"] = seen["ratio"] = 1
    groups[1] = arch; groups[2] = "host"; groups[3] = "ratio"
    group_count = 3
    read_json()
}

FILENAME ~ /limits$/ {
    if (index($1, arch ".") == 1) $1 = substr($1, length(arch) + 2)
    if (NF == 3 && $1 !~ /^#/ && part_of($1) == part) {
        sign[$1] = $2
        limit[$1] = $3
        limited[++limited_count] = $1
    }
    next
}

$1 == "bench" && NF == 4 {
    if ($2 ~ /^ratio\./) keep("ratio", substr($2, 7), $3, "")
    else if ($2 ~ /^host\./) keep("host", substr($2, 6), $3, $4)
    else keep(arch, $2, $3, $4)
    if (!($2 in now)) order[++measured] = $2
    now[$2] = $3
    unit[$2] = $4
}

function part_of(name) {
    if (name ~ /^host\.codec_/) return "codec"
    return name ~ /\./ && name !~ /^ratio\./ ? "another architecture" : ""
}

function holds(name) {
    if (sign[name] == ">=") return now[name] + 0 >= limit[name] + 0
    return now[name] + 0 <= limit[name] + 0
}

END {
    for (at = 1; at <= measured; at++) {
        name = order[at]
        verdict = ""
        if (name in limit) {
            verdict = sign[name] " " limit[name] (holds(name) ? "" : "  BROKEN")
            if (!holds(name)) status = 1
        }
        printf "%-40s %12s %-13s %s\n", name, now[name], unit[name], verdict
    }
    for (at = 1; at <= limited_count; at++) {
        if (limited[at] in now) continue
        print limited[at] ": not measured"
        status = 1
    }
    write_json()
    exit status
}
