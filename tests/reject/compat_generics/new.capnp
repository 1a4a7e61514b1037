# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe51;
# Generics: what they are bound to, and which of their parameters a field is.

struct Box(T) { v @0 :T; }
struct Pair(T, U) { a @0 :U; b @1 :T; }
struct Renamed(S) { v @0 :S; }
struct Grows(T) { v @0 :T; }
struct Frees(T) { v @0 :AnyPointer; }
struct Binds(T) { v @0 :T; }
struct Outer(T) {
  inner @0 :Inner;
  struct Inner(U) { v @0 :U; }
}
struct Uses {
  unbound @0 :Box(Text);
  bound @1 :Box;
  anything @2 :Box;
  grows @3 :Grows(Data);
}
interface Base @0xe6a0c1b5d2f3fe52 (T) { put @0 (v :T); }
interface Derived @0xe6a0c1b5d2f3fe53 extends(Base(Data)) {
  move @0 Box(Data) -> Box(List(Bool));
  generic @1 [S] (v :S);
}
