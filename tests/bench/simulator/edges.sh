# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # the variables are those of configure
#
# Read by configure: the edges of `ninja bench-schedulers`.
simulator=tests/bench/simulator
simulator_folders="-Icomponents/schedule -Icomponents/loads -I$simulator"
# shellcheck disable=SC2046
compile host_cc "$h/bench/simulator" "-O2 $simulator_folders $host_runtime" \
    $(existing $simulator/*.c) $(sources components/loads/*.c) $(sources components/schedule/*.c)
emit "build $h/bench/simulator/driver: host_link $objects" \
    "build bench-schedulers: bench_schedulers | $h/bench/simulator/driver boot-rule_loads_all"
