# SPDX-License-Identifier: MIT
#
# Makes JUnit XML of files of results, a testsuite of each, called like the file. A result is a line
# `case CLASS<tab>NAME<tab>MILLISECONDS`; behind it, when the test failed, a line `fail REASON` and
# the lines of what it printed, each with `| ` before it. The milliseconds may be missing.

function escape(text) {
    gsub(/[\001-\010\013-\037\177-\377]/, "", text)
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    gsub(/"/, "\\&quot;", text)
    return text
}

function end_case() {
    if (in_case) body = body (in_failure ? "    </failure>\n" : "") "  </testcase>\n"
    in_case = in_failure = 0
}

function end_suite() {
    end_case()
    if (suite == "") return
    printf "<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\">\n%s</testsuite>\n", escape(suite),
        tests, failures, body
    tests = failures = 0
    body = ""
}

BEGIN { print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>" }

FNR == 1 {
    end_suite()
    suite = FILENAME
    sub(/.*\//, "", suite)
}

/^case / {
    end_case()
    split(substr($0, 6), field, "\t")
    body = body "  <testcase classname=\"" escape(field[1]) "\" name=\"" escape(field[2]) "\""
    if (field[3] != "") body = body sprintf(" time=\"%.3f\"", field[3] / 1000)
    body = body ">\n"
    in_case = 1
    tests++
}

/^fail / && in_case && !in_failure {
    body = body "    <failure message=\"" escape(substr($0, 6)) "\">\n"
    in_failure = 1
    failures++
}

/^\| / { body = body escape(substr($0, 3)) "\n" }

END {
    end_suite()
    print "</testsuites>"
}
