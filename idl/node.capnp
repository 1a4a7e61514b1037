# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34b01;
# What is true of every node of a file system, be it a file, a directory, a link or a device: its
# kind, its attributes, and why something cannot be done with it. No interface is here, so that the
# cores of file systems, which know no channel, can use the words.
using C = import "annotations.capnp";
$C.prefix("node");

enum Result {
  # What a file server answers; beside each the errno of POSIX.1-2024 that it stands for.
  done @0;
  notFound @1;          # ENOENT
  exists @2;            # EEXIST
  notDirectory @3;      # ENOTDIR
  isDirectory @4;       # EISDIR
  notEmpty @5;          # ENOTEMPTY
  denied @6;            # EACCES: the credentials, or how it was opened, do not allow it.
  notPermitted @7;      # EPERM: only its owner or the superuser may.
  nameTooLong @8;       # ENAMETOOLONG: a name above nameMax, or a path above pathMax.
  linkLoop @9;          # ELOOP
  noSpace @10;          # ENOSPC: bytes or inodes.
  quotaReached @11;     # EDQUOT
  tooLarge @12;         # EFBIG
  invalid @13;          # EINVAL
  busy @14;             # EBUSY
  crossesDevice @15;    # EXDEV
  readOnly @16;         # EROFS
  linkLimit @17;        # EMLINK
  noAttribute @18;      # ENODATA
  wouldBlock @19;       # EAGAIN
  deadlock @20;         # EDEADLK
  noLocks @21;          # ENOLCK
  tooManyOpen @22;      # ENFILE: of all clients, or of this one.
  deviceError @23;      # EIO: `place` of the answer, where there is one, is the block's number.
  stale @24;            # ESTALE: the node is gone.
  unsupported @25;      # ENOTSUP: this server does not do it, or not yet.
  outOfRange @26;       # ERANGE: the room that was asked for does not hold the value.
  wrongKind @27;        # ENXIO, ESPIPE, ENODEV: a node of this kind does not have that.
  outward @28;          # The path goes on elsewhere: `rest` of the answer is what is left of it.
  notOpen @29;          # EBADF: not open for this.
  textBusy @30;         # ETXTBSY
  corrupt @31;          # EUCLEAN, EIO: what the device holds contradicts itself.
  cancelled @32;        # EINTR, ECANCELED
}

enum Kind {
  none @0;
  file @1;
  directory @2;
  link @3;
  fifo @4;
  socket @5;
  character @6;
  block @7;
}

const nameMax :UInt32 = 255;      # bytes of a name
const pathMax :UInt32 = 4096;     # bytes of a path, and of a link's target
const linksMax :UInt32 = 40;      # symbolic links that one look-up follows
const valueMax :UInt32 = 65536;   # bytes of an extended attribute's value

const permissionRead :UInt16 = 4;
const permissionWrite :UInt16 = 2;
const permissionExecute :UInt16 = 1;
# The three bits of each class of users in `mode`: owner << 6, group << 3, others; and above them:
const modeSetUser :UInt16 = 0x800;
const modeSetGroup :UInt16 = 0x400;
const modeSticky :UInt16 = 0x200;
const modeMask :UInt16 = 0xfff;

const nanosecondsNow :UInt32 = 0x3fffffff;    # In a time: the server's time of day.
const nanosecondsOmit :UInt32 = 0x3ffffffe;   # In a time: leave it.

struct Attributes {
  # What stat() says. An answer that failed has nothing but `result` and, where the path left the file
  # system, `rest`.
  result @0 :Result;
  kind @1 :Kind;
  mode @2 :UInt16;              # permissions, without the kind
  links @3 :UInt32;
  number @4 :UInt64;            # of the inode, unique in its file system while it lives
  system @5 :UInt64;            # the file system, st_dev
  size @6 :UInt64;              # bytes
  stored @7 :UInt64;            # bytes that it takes, holes not counted
  user @8 :UInt32;
  group @9 :UInt32;
  blockBytes @10 :UInt32;       # the size of reads and writes that suits best
  device @11 :UInt64;           # major << 32 | minor, of a device
  accessedSeconds @12 :Int64;
  modifiedSeconds @13 :Int64;
  changedSeconds @14 :Int64;
  createdSeconds @15 :Int64;
  accessedNanoseconds @16 :UInt32;
  modifiedNanoseconds @17 :UInt32;
  changedNanoseconds @18 :UInt32;
  createdNanoseconds @19 :UInt32;
  version @20 :UInt64;          # another one after each change of the node
  generation @21 :UInt32;       # of the number, which may come again when the node is gone
  mount @22 :UInt32;            # what is mounted on it, by its caller's number; 0: nothing
  rest @23 :Text;               # of the path, when the result is `outward`
}

struct Facts {
  # What statvfs() says.
  result @0 :Result;
  system @1 :UInt64;
  blockBytes @2 :UInt32;
  blocks @3 :UInt64;
  blocksFree @4 :UInt64;
  blocksAvailable @5 :UInt64;   # to others than the superuser
  nodes @6 :UInt64;
  nodesFree @7 :UInt64;
  nameMax @8 :UInt32;
  linkLimit @9 :UInt32;         # names of one node
  sizeMax @10 :UInt64;          # bytes of a file
  isReadOnly @11 :Bool;
  kind @12 :Text;               # "tmpfs", "ext4"
}

struct Credentials {
  # Who asks. They are bound to a Directory or File and are never part of a request.
  user @0 :UInt32;
  group @1 :UInt32;
  groups @2 :List(UInt32);      # besides `group`, at most groupsMax
  mask @3 :UInt16 = 0x12;       # umask: taken away from the mode of what is created
}

const groupsMax :UInt32 = 32;
# Supplementary groups that a server keeps.
