# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34b03;
# Directories, and everything that is done by name. A path begins at the directory that is asked, one
# with a leading slash at `root`, and `..` of the root is the root. Without a root in the request the
# directory that is asked is the root, too: who has nothing else gets nowhere above it. Credentials
# are bound to each Directory; those of the directory that is asked count.
#
# Where a path leaves the file system, at a mount point, or above a root whose own root is in another
# file system (see `again`), the answer is `outward`: `mount` says by which mount point, or 0, and
# `rest` what is left to be looked up: from where the mount leads, from the directory that this file
# system is mounted on, or with a leading slash from the root of all. Whoever asked goes on there, and
# counts the links.
#
# A path is bytes, no NUL among them: at most pathMax, of names of at most nameMax.
using C = import "annotations.capnp";
using Result = import "node.capnp".Result;
using Kind = import "node.capnp".Kind;
using Attributes = import "node.capnp".Attributes;
using Credentials = import "node.capnp".Credentials;
using Node = import "file.capnp".Node;
using File = import "file.capnp".File;
$C.prefix("directory");

struct Entry {
  number @0 :UInt64;
  kind @1 :Kind;
  cookie @2 :UInt64;    # of the entry behind it
  name @3 :Text;
}

const cookieStart :UInt64 = 0;

const renameNoReplace :UInt32 = 1;
const renameExchange :UInt32 = 2;

interface Directory extends(Node) $C.name("service") {
  open @0 (root :Directory, path :Text, how :UInt32, mode :UInt16)
      -> (result :Result, kind :Kind, mount :UInt32, file :File, directory :Directory, size :UInt64,
          rest :Text);
  # `how` of the constants mode* in file.capnp, `mode` of what is created. A directory comes as a
  # Directory, all others as a File.

  look @1 (root :Directory, path :Text, how :UInt32) -> Attributes;
  # The attributes of what a path leads to; `how` is 0, or modeNoFollow and what else forbids ways.

  list @2 (cookie :UInt64, room :UInt32)
      -> (result :Result, entries :List(Entry), next :UInt64, end :Bool);
  # Entries from a cookie on, `.` and `..` among them, as many as have room in so many bytes. Each
  # entry that is there all the time comes once, whatever is done to the others meanwhile.

  make @3 (root :Directory, path :Text, kind :Kind, mode :UInt16, device :UInt64, target :Text)
      -> (result :Result, mount :UInt32, rest :Text);
  # A directory, a link to `target`, a fifo, a socket, a device, or an empty file.

  remove @4 (root :Directory, path :Text, directory :Bool)
      -> (result :Result, mount :UInt32, rest :Text);
  # A name; only of directories, or only of others.

  link @5 (root :Directory, path :Text, from :Node)
      -> (result :Result, mount :UInt32, rest :Text);
  # Another name for an open node of this file system.

  rename @6 (root :Directory, path :Text, to :Directory, toPath :Text, flags :UInt32)
      -> (result :Result, mount :UInt32, rest :Text, second :Bool);
  # `second`: what leaves the file system is the second path.

  readLink @7 (root :Directory, path :Text)
      -> (result :Result, mount :UInt32, target :Text, rest :Text);
  access @8 (root :Directory, path :Text, permissions :UInt16, how :UInt32)
      -> (result :Result, mount :UInt32, rest :Text);

  bind @9 (credentials :Credentials) -> (result :Result, directory :Directory);
  # The same directory for other credentials. Who is not the superuser can only give up groups.
  again @10 (outward :Bool) -> (result :Result, directory :Directory);
  # The same directory, to be released on its own. As a root an `outward` one says that there is more
  # above it, in another file system.

  mount @11 (root :Directory, path :Text, mount :UInt32)
      -> (result :Result, leads :UInt32, rest :Text);
  # Make a directory a mount point with this number, or none any more by 0. For the superuser.
  byHandle @12 (number :UInt64, generation :UInt32, how :UInt32)
      -> (result :Result, kind :Kind, file :File, directory :Directory);
  # For the superuser.
}
