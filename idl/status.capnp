# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a02;
# The closed set of answers that the kernel and the transport can give. What a service refuses for
# its own reasons is an enum in its own results.
using C = import "annotations.capnp";
$C.prefix("exo");

enum Status {
  ok @0;             # The call did what it says.
  badCall @1;        # No kernel call or method has this number.
  badCapability @2;  # The slot is empty, or holds another kind of object or too few rights.
  badArgument @3;    # A value is out of its range; nothing was changed.
  badMessage @4;     # The message breaks a rule of the encoding.
  denied @5;         # The labels or the rights forbid it.
  conflict @6;       # It would break a rule that holds now: a frame's counts, an occupied slot, a mark.
  full @7;           # A table, a queue or the memory that was given is used up.
  busy @8;           # It is in use now; try again later.
  tooDeep @9;        # The chain of calls or of derivations would be longer than the limit.
  disconnected @10;  # The other side is gone.
  deadline @11;      # The deadline passed first.
  cancelled @12;     # Somebody who may do so called it off.
  noGas @13;         # The account that pays is empty.
  failed @14;        # The service failed; its reply may say why (failure.capnp).
}
