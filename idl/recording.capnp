# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a41;
# A recording of the traffic of one component, as `components/recorder` writes it: a stream of framed
# messages. The first is a Recording, each one after it is an Entry. What is recorded is the channels'
# words as they were (idl/channel.capnp), so every message of a component can be given to it again.
using C = import "annotations.capnp";
$C.prefix("recording");

const magic :UInt64 = 0x676e6964726f6365;
const version :UInt16 = 1;

struct Recording {
  magic @0 :UInt64;           # always the one above, so that another file is noticed
  version @1 :UInt16;
  component @2 :Text;         # its name in the composition
  program @3 :Text;           # the program that it runs
  pages @4 :UInt32;           # all its memory
  devices @5 :UInt32;         # how many it has; what goes through them is not recorded
  ticksPerSecond @6 :UInt64;
  ports @7 :List(Port);       # its imports, then its exports
  settings @8 :List(Text);    # "KEY=VALUE"
  ticks @9 :UInt64;           # when the recorder began
}

struct Port {
  name @0 :Text;
  isExport @1 :Bool;
  interfaceId @2 :UInt64;
  threads @3 :UInt16;         # handler Threads of an export
  places @4 :List(Place);     # an import has one, an export one for each client
}

struct Place {
  peer @0 :Text;              # the other component's name
  bytes @1 :UInt64;           # of the channel's memory
  schema @2 :UInt64;          # hash of the schema that the component was built from; 0: unknown
}

struct Entry {
  port @0 :UInt16;            # index into the Recording's ports
  place @1 :UInt16;
  kind @2 :Kind;
  capabilities @3 :UInt8;     # how many went along; they themselves are not recorded
  status @4 :UInt16;          # of an answer, and of a reply
  method @5 :UInt16;          # of a call, and of a request
  flags @6 :UInt16;           # as channel.capnp's
  question @7 :UInt32;
  offset @8 :UInt32;          # of the message in its arena, in words
  ticks @9 :UInt64;           # when it came by
  finished @10 :List(UInt32); # with calls and requests: the client's table, if it changed
  line @11 :List(UInt32);     # with each: the sender's line, if it changed
  words @12 :List(UInt64);    # the message
  word3 @13 :UInt64;          # of an answer: 0 if the kernel gave it
  range @14 :UInt32;          # of a reply with flagRange: how many questions it answers
}

enum Kind {
  call @0;     # by the portal
  answer @1;   # to the last call of the same place
  request @2;  # in the ring
  reply @3;    # in the ring
}
