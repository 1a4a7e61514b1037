# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e117;

struct Sky {
  a0 :group {
  a1 :group {
  a2 :group {
  a3 :group {
  a4 :group {
  a5 :group {
  a6 :group {
  a7 :group {
  a8 :group {
  a9 :group {
  a10 :group {
  a11 :group {
  a12 :group {
  a13 :group {
  a14 :group {
  a15 :group {
  a16 :group {
  a17 :group {
  level @0 :UInt8;
  }}}}}}}}}}}}}}}}}}
}
