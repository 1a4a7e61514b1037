# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e114;

struct Tree(A) {
  a @0 :Tree(One(A));
  b @1 :Tree(Two(A));
  c @2 :Tree(Three(A));
  d @3 :Tree(Four(A));
}
struct One(A) { a @0 :A; }
struct Two(A) { a @0 :A; }
struct Three(A) { a @0 :A; }
struct Four(A) { a @0 :A; }
struct Sky { tree @0 :Tree(Text); }
