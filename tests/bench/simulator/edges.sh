# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # the variables are those of configure
#
# Read by configure: the edges of `ninja bench-schedulers`.
simulator=tests/bench/simulator
# shellcheck disable=SC2046
compile host_cc "$h/bench/simulator" "-O2 -Icomponents/schedule $host_runtime -I$simulator" \
    $(existing $simulator/*.c) $(sources components/schedule/*.c)
emit "build $h/bench/simulator/driver: host_link $objects" \
    "build bench-schedulers: bench_schedulers | $h/bench/simulator/driver"
