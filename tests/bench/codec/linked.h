/* SPDX-License-Identifier: MIT */
/* The fields of types.capnp's All, for linked_ours.c and linked_peer.c++: their names in C and
 * in C++, of lists also the name of an element in C. Text, bytes, structs, enums and nothing stand
 * apart. */
#ifndef LINKED_H
#define LINKED_H

#define LINKED_SCALARS(X)                                                                          \
    X(flag, Flag)                                                                                  \
    X(int8, Int8)                                                                                  \
    X(int16, Int16)                                                                                \
    X(int32, Int32)                                                                                \
    X(int64, Int64)                                                                                \
    X(uint8, UInt8)                                                                                \
    X(uint16, UInt16)                                                                              \
    X(uint32, UInt32)                                                                              \
    X(uint64, UInt64)                                                                              \
    X(float32, Float32)                                                                            \
    X(float64, Float64)

#define LINKED_LISTS(X)                                                                            \
    X(flags, Flags, bool)                                                                          \
    X(int8s, Int8s, uint8)                                                                         \
    X(int16s, Int16s, uint16)                                                                      \
    X(int32s, Int32s, uint32)                                                                      \
    X(int64s, Int64s, uint64)                                                                      \
    X(uint8s, UInt8s, uint8)                                                                       \
    X(uint16s, UInt16s, uint16)                                                                    \
    X(uint32s, UInt32s, uint32)                                                                    \
    X(uint64s, UInt64s, uint64)                                                                    \
    X(float32s, Float32s, uint32)                                                                  \
    X(float64s, Float64s, uint64)
#endif
