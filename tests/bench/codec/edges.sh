# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # the variables are those of configure
#
# Read by configure: the edges of `ninja bench-codec`. Ours and the C++ implementation are one
# program; optimized as users would, and in files of their own, so that nothing is inlined where it
# is called.
bench_codec=tests/bench/codec
gen_codec=$h/bench/codec/gen
emit "build $gen_codec/message.capnp.h $gen_codec/message.capnp.c \$" \
    "  $gen_codec/message_layout.h \$" \
    "  $gen_codec/c++/message.capnp.h $gen_codec/c++/message.capnp.c++ \$" \
    "  $gen_codec/c++/types.capnp.c++: generate_codec \$" \
    "  $bench_codec/message.capnp $bench_codec/types.capnp | $h/capnpc-c" \
    "  dir = $gen_codec" "  prefix = $bench_codec"
order=$gen_codec/message.capnp.h
# shellcheck disable=SC2046
compile host_cc "$h/bench/codec" \
    "-O2 -Wconversion -Icomponents/runtime -I$gen_codec -I$bench_codec" \
    "$bench_codec/ours.c" "$bench_codec/driver.c" $(sources components/runtime/capnp*.c)
codec_objects=$objects
emit "build $h/bench/codec/message.capnp.c.o: host_cc $gen_codec/message.capnp.c" \
    "  flags = -O2 -Wconversion -Icomponents/runtime" \
    "build $h/bench/codec/peer.c++.o: host_cxx $bench_codec/peer.c++ || $order" \
    "  flags = -O2 -Wall -I$gen_codec/c++ -I$bench_codec" \
    "build $h/bench/codec/message.capnp.c++.o: host_cxx $gen_codec/c++/message.capnp.c++" \
    "  flags = -O2" \
    "build $h/bench/codec/driver: host_cxx_link $codec_objects \$" \
    "  $h/bench/codec/message.capnp.c.o $h/bench/codec/peer.c++.o \$" \
    "  $h/bench/codec/message.capnp.c++.o" "  libraries = -lcapnp -lkj" \
    "build bench-codec: bench_codec | $h/bench/codec/driver $h/bench/codec/linked_ours \$" \
    "  $h/bench/codec/linked_peer"
# Two programs for their size: what they do not use is left out, and of libraries that are not the
# system's everything is in them.
linked_flags='-O2 -ffunction-sections -fdata-sections'
linked_libraries='-Wl,--gc-sections -s'
# shellcheck disable=SC2046
compile host_cc "$h/bench/codec/linked" \
    "$linked_flags -Icomponents/runtime -I$gen_codec -I$bench_codec" \
    "$bench_codec/linked_ours.c" $(sources components/runtime/capnp*.c)
emit "build $h/bench/codec/linked_ours: host_link $objects" "  libraries = $linked_libraries" \
    "build $h/bench/codec/linked/peer.o: host_cxx $bench_codec/linked_peer.c++ || $order" \
    "  flags = $linked_flags -Wall -I$gen_codec/c++ -I$bench_codec" \
    "build $h/bench/codec/linked/types.o: host_cxx $gen_codec/c++/types.capnp.c++" \
    "  flags = $linked_flags" \
    "build $h/bench/codec/linked_peer: host_cxx_link $h/bench/codec/linked/peer.o \$" \
    "  $h/bench/codec/linked/types.o" \
    "  libraries = $linked_libraries -Wl,-Bstatic -lcapnp -lkj -Wl,-Bdynamic -lpthread"
