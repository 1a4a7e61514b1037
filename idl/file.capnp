# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34b02;
# Open nodes of a file system, and what every open node can be asked. An open node is an object of its
# server: it holds how it was opened and the credentials of who opened it, which are asked at each
# operation, and its node for as long as it lives, also when that has no name any more. What a server
# cannot do it answers with `unsupported`, or, if it never writes, with `readOnly`.
using C = import "annotations.capnp";
using Bulk = import "bulk.capnp";
using Result = import "node.capnp".Result;
using Attributes = import "node.capnp".Attributes;
using Facts = import "node.capnp".Facts;
$C.prefix("file");

const setMode :UInt32 = 1;
const setUser :UInt32 = 2;
const setGroup :UInt32 = 4;
const setTimes :UInt32 = 8;
# What of a Change is meant.

struct Change {
  which @0 :UInt32;             # setMode and so on, together
  mode @1 :UInt16;
  user @2 :UInt32;
  group @3 :UInt32;
  accessedSeconds @4 :Int64;
  modifiedSeconds @5 :Int64;
  accessedNanoseconds @6 :UInt32;   # also nanosecondsNow and nanosecondsOmit of node.capnp
  modifiedNanoseconds @7 :UInt32;
}

const valueCreate :UInt32 = 1;      # Of an extended attribute: it must not be there yet.
const valueReplace :UInt32 = 2;     # It must be there.

const changeContent :UInt32 = 1;        # bytes of a file
const changeAttributes :UInt32 = 2;
const changeCreate :UInt32 = 4;         # a name in a directory
const changeRemove :UInt32 = 8;
const changeRenameFrom :UInt32 = 16;
const changeRenameTo :UInt32 = 32;
const changeGone :UInt32 = 64;          # the node itself has no name any more
const changeLost :UInt32 = 0x80000000;  # Changes were lost: look for oneself.

struct Changed {
  what @0 :UInt32;
  cookie @1 :UInt32;    # the same for the two names of one rename
  watch @2 :UInt32;     # which node
  name @3 :Text;        # in the directory that is watched; empty: itself
}

interface Event {
  # Stands for an Event capability in a message.
}

interface Watch {
  # Changes of nodes, from the time they were added on. It ends when it is released.
  add @0 (node :Node, changes :UInt32) -> (result :Result, watch :UInt32);
  remove @1 (watch :UInt32) -> (result :Result);
  take @2 () -> (result :Result, changes :List(Changed), left :Bool);
  # The oldest, and whether there are more. A Watch keeps a bounded number of them.
  subscribe @3 (event :Event) -> (result :Result);
  # An Event that is signalled when there is something to take, after there was nothing.
}

interface Node {
  # Any open node.
  attributes @0 () -> Attributes;
  change @1 Change -> (result :Result);
  access @2 (permissions :UInt16) -> (result :Result);
  # May the credentials read, write, execute: the bits of one class of `mode`.

  value @3 (name :Data, room :UInt32) -> (result :Result, length :UInt32, value :Data);
  # An extended attribute, with its prefix: "user.name". Without room only its length.
  setValue @4 (name :Data, value :Data, flags :UInt32) -> (result :Result);
  removeValue @5 (name :Data) -> (result :Result);
  values @6 (room :UInt32) -> (result :Result, length :UInt32, names :Data);
  # The names of all, each with a NUL behind it.

  sync @7 (dataOnly :Bool) -> (result :Result);
  # Answers when what was written is as safe as the file system can make it.
  facts @8 () -> Facts;
  syncAll @9 () -> (result :Result);
  # The whole file system.
  watch @10 () -> (result :Result, watch :Watch);
  handle @11 () -> (result :Result, number :UInt64, generation :UInt32);
  # A name of the node that outlives this object; Directory.byHandle takes it.
}

const modeRead :UInt32 = 1;
const modeWrite :UInt32 = 2;
const modeExecute :UInt32 = 4;
const modeAppend :UInt32 = 8;           # each write goes to the end
const modeCreate :UInt32 = 0x10;
const modeExclusive :UInt32 = 0x20;     # with modeCreate: it must not be there
const modeTruncate :UInt32 = 0x40;
const modeDirectory :UInt32 = 0x80;     # it must be a directory
const modeNoFollow :UInt32 = 0x100;     # if the last name is a link: linkLoop, or with modeNode that link
const modeNode :UInt32 = 0x200;         # only the node (O_PATH): no right to its bytes is asked or given
const modeTemporary :UInt32 = 0x400;    # a file without a name in the directory that the path names
const modeSync :UInt32 = 0x800;
const modeDataSync :UInt32 = 0x1000;
const modeNoAccessTime :UInt32 = 0x2000;
const modeBeneath :UInt32 = 0x4000;     # the path must not leave the start
const modeNoLinks :UInt32 = 0x8000;     # no link in the path is followed
# How a node is opened.

const position :UInt64 = 0xffffffffffffffff;
# As an offset: the position of the open file, which then moves on.

const bytesMax :UInt32 = 0x7ffff000;    # of one read or write; less may be done of it

enum From { start @0; position @1; end @2; data @3; hole @4; }
# What an offset counts from; with data and hole the next of those from it on.

const allocateKeepSize :UInt32 = 1;
const allocatePunch :UInt32 = 2;        # make a hole; with allocateKeepSize
const allocateZero :UInt32 = 4;
const allocateCollapse :UInt32 = 8;
const allocateInsert :UInt32 = 16;

enum LockKind { shared @0; exclusive @1; none @2; }

struct Range {
  kind @0 :LockKind;
  owner @1 :UInt64;     # who of the client: a process, or an open file
  start @2 :UInt64;
  length @3 :UInt64;    # 0: to the end, however far that moves
  process @4 :UInt32;   # what the conflict tells others
}

const readyRead :UInt32 = 1;
const readyWrite :UInt32 = 2;
const readyHangUp :UInt32 = 4;
const readyError :UInt32 = 8;
const readyUrgent :UInt32 = 16;

interface Memory {
  # Stands for a Memory capability in a message.
}

interface File extends(Node) $C.name("service") {
  # An open file, or anything else that has bytes.
  read @0 (offset :UInt64, length :UInt32) -> (result :Result, data :Data);
  # Less than `length` comes only at the end, or when a message holds no more.
  write @1 (offset :UInt64, data :Data) -> (result :Result, length :UInt32, end :UInt64);
  # `end`: the position behind what was written.
  readInto @2 (offset :UInt64, buffer :Bulk.Buffer) -> (result :Result, length :UInt64);
  writeFrom @3 (offset :UInt64, buffer :Bulk.Buffer)
      -> (result :Result, length :UInt64, end :UInt64);
  # The same by way of the channel's pool.

  seek @4 (offset :Int64, from :From) -> (result :Result, position :UInt64);
  truncate @5 (size :UInt64) -> (result :Result);
  allocate @6 (flags :UInt32, offset :UInt64, length :UInt64) -> (result :Result);
  map @7 (offset :UInt64, length :UInt64, write :Bool)
      -> (result :Result, memory :Memory, first :UInt64, length :UInt64, size :UInt64,
          version :UInt64);
  # Frames of the cache that hold the file's bytes from `offset`, a multiple of 4,096, on: `length` of
  # them, maybe less than asked for, from byte `first` of the memory on; zeros behind the end. The
  # server takes them back when the frames are needed, or hold something else. `size` and `version`
  # are the file's.
  copy @8 (from :File, fromOffset :UInt64, toOffset :UInt64, length :UInt64)
      -> (result :Result, length :UInt64);

  lock @9 (range :Range, wait :Bool) -> (result :Result, ticket :UInt64);
  # Taken, or changed, or given back by kind `none`. With `wait` a lock that others hold is queued for:
  # the result is `wouldBlock` and a ticket that is not 0.
  conflict @10 (range :Range) -> (result :Result, range :Range);
  # A lock that would be in the way: its kind is `none` if there is no such.
  locked @11 (ticket :UInt64) -> (result :Result);
  # `done`: the lock is taken; `wouldBlock`: not yet.
  cancel @12 (ticket :UInt64) -> (result :Result);

  ready @13 () -> (result :Result, ready :UInt32);
  subscribe @14 (event :Event, ready :UInt32) -> (result :Result);
  # An Event that is signalled when one of these becomes true, and when a ticket of this file's locks
  # is taken; without an Event not any more.
  mode @15 () -> (result :Result, mode :UInt32);
  setMode @16 (mode :UInt32) -> (result :Result);
  # What of `mode*` can be changed later: append, sync, access times.
  control @17 (request :UInt32, data :Data) -> (result :Result, value :Int32, data :Data);
  # What only devices have.
}
