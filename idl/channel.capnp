# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a07;
# How the memory of a channel is laid out, from its start: the client's line, the server's line, the
# request ring, the reply ring, the table of finished questions, the request arena, the reply arena.
# All structs are free of pointers and used in place; how many entries the rings have and how large
# the arenas are follows from the size of the memory alone, so no side has to believe the other.
# Each word is written by one side only. Counters run freely and wrap around; a ring's entry is
# the counter's low bits. They begin at the client's `base` in each epoch: a client that begins, or
# begins anew, takes another one. Whoever of the server has the channel next takes it up, and says so
# by the same epoch. A line that has another epoch counts nothing.
using C = import "annotations.capnp";
$C.prefix("channel");

const lineBytes :UInt32 = 64;
# Distance of the two lines: one cache line each, so that the sides do not disturb each other.

struct ClientLine {
  # Written by the client.
  requestTail @0 :UInt32;   # requests that were pushed
  epoch @1 :UInt32;         # written with requestTail when it begins; 0: the memory is fresh
  attention @2 :Attention;  # does the client need a signal when a reply is pushed
  replyHead @3 :UInt32;     # replies that were taken
  cancelled @4 :UInt32;     # how many questions were called off; the server looks who when it changed
  base @5 :UInt32;          # where all counters of this epoch begin
}

const epochNone :UInt32 = 0xffffffff;
# Of a server that has taken up none yet. No client takes it, nor 0.

const placeHeld :UInt64 = 0xffffffffffffffff;
# Answer `busy`: the place that says that the channel is being served, and the call was not.

struct ServerLine {
  # Written by the server.
  replyTail @0 :UInt32;     # replies that were pushed
  epoch @1 :UInt32;         # the client's that it serves; written with replyTail when it begins
  attention @2 :Attention;  # does the server need a signal when a request is pushed
}

struct OneWayLine {
  # The first line of a one-way channel, in which the server writes nothing: the line, the ring of
  # requests and their arena fill the memory, and the client overwrites what is oldest.
  requestTail @0 :UInt32;   # requests that were pushed
  oldest @1 :UInt32;        # requests before it may be overwritten, now or soon
  epoch @2 :UInt64;         # another one: the client began anew; 0: it is not there
}

enum Attention {
  absent @0;  # nobody waits for signals: only a call by the portal is heard
  awake @1;   # it looks at the ring by itself
  asleep @2;  # it waits for its Event
}

const nothing :UInt16 = 0xffff;
# The method of a request that only takes its place in the ring: the question is asked by the portal.

struct Descriptor {
  # An entry of either ring.
  length @0 :UInt32;    # of the message, in words; 0: there is none
  offset @1 :UInt32;    # of the message in the sender's arena, in words
  method @2 :UInt16;    # of a request: the number; of a reply: a status
  flags @3 :UInt16;     # bits, see flagNAME
  question @4 :UInt32;  # which request this is, or is the reply to
}

const flagNow :UInt16 = 1;
# Call: this is an asynchronous request that comes by the portal; its reply goes to the ring.
const flagDrain :UInt16 = 2;
# Call: there is no request; serve the ring.
const flagFetch :UInt16 = 4;
# Call: hand over the capabilities of the reply to this question.
const flagKeep :UInt16 = 8;
# Call: keep the last synchronous reply, as the reply to this question, until that is finished.
const flagCapabilities :UInt16 = 16;
# Reply in the ring: capabilities wait to be fetched.

const flagRange :UInt16 = 32;
# Reply in the ring: `length` questions from `question` on were answered with ok and nothing else.

const flagRing :UInt16 = 64;
# Call: requests may wait in the ring; serve them first, so that calls keep their order.

const flagAddressed :UInt16 = 256;
# Request, by the ring or a call: an Address comes before the message, both counted in its length.

struct Address {
  # Before the message of a request that is not for a method of the channel's own interface.
  interface @0 :UInt64;   # the id of the interface whose method it is
  object @1 :UInt32;      # kinds object and release: its number; kind answer: the question
  kind @2 :Target;        # whose method it is
  pathLength @3 :UInt16;  # kind answer: how many pointers there are to follow in the results, at most
                          # `pathMax`; the last one leads to the object
  path @4 :UInt64;        # their indexes, 16 bits each, the first one lowest
}

const pathMax :UInt16 = 4;

enum Target {
  self @0;     # the server that the channel leads to
  object @1;   # an object that an answer, or a reply, gave this client
  answer @2;   # the object in the results of an earlier question, whether they came or not
  release @3;  # nobody's: the client has no more use for an object
}

const flagRequest :UInt16 = 128;
# Each request in the ring has it: zeros are no request, as in memory that is fresh while a client
# has not noticed yet that its server was started again.
