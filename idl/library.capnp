# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a32;
# What tests/boot/pipelining calls: objects in objects, some of them of another server.
using C = import "annotations.capnp";
$C.prefix("library");

interface Named {
  name @0 () -> (name :Text);
}

interface Book extends(Named) {
  page @0 (number :UInt32) -> (text :Text);
  # Fails for the page that is torn out, and says so.
}

interface Memory {
  # Stands for a Memory capability in a message.
}

struct Picture {
  memory @0 :Memory;
  book @1 :Book;      # that it is in
}

interface Shelf extends(Named) {
  book @0 (number :UInt32) -> (book :Book);
  illustrate @1 (pictures :List(Picture)) -> (pictures :List(Picture));
  # Put pictures into books: each comes back, with the book.

  lend @2 (pages :UInt32) -> (memory :Memory);
  # A Memory of so many pages.
}

interface Library extends(Named) {
  open @0 (far :Bool) -> (shelf :Shelf);
  # One of its own, or the archive's.

  upload @1 (bytes :Data) -> stream;
  # Take some bytes; too many at once are refused.

  done @2 () -> (bytes :UInt64);
  # How many bytes came since the last time.

  lent @3 () -> (books :UInt32);
  # How many books of its own are lent now.
}
