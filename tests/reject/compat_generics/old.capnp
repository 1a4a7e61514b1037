# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe51;
# Generics: what they are bound to, and which of their parameters a field is.

struct Box(T) { v @0 :T; }
struct Pair(T, U) { a @0 :T; b @1 :U; }
struct Renamed(T) { v @0 :T; }
struct Grows { v @0 :AnyPointer; }
struct Frees(T) { v @0 :T; }
struct Binds(T) { v @0 :AnyPointer; }
struct Outer(T) {
  inner @0 :Inner;
  struct Inner(U) { v @0 :T; }
}
struct Uses {
  unbound @0 :Box;
  bound @1 :Box(Text);
  anything @2 :Box(AnyPointer);
  grows @3 :Grows;
}
interface Base @0xe6a0c1b5d2f3fe52 (T) { put @0 (v :T); }
interface Derived @0xe6a0c1b5d2f3fe53 extends(Base(Text)) {
  move @0 Box(Text) -> Box(Text);
  generic @1 [T] (v :T);
}
