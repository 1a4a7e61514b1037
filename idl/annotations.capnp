# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a01;
# What a schema can say beyond Cap'n Proto's own words. Each annotation becomes a check in the
# generated code or a test; one that nothing checks is removed.

annotation prefix(file) :Text;
# The prefix of every C name that the file produces, with its trailing underscore left out.

annotation folder(file) :Text;
# The folder in the output folder that the file's C is written into; made if it is not there.

annotation name(struct, enum, interface, const, annotation) :Text;
# What stands for a declaration in C names, instead of its own name in snake case.

annotation idempotent(method) :Void;
# To call it twice is the same as to call it once. When its client is answered `disconnected`, it waits
# for the server to be back, reconnects and calls again, at most eleven times and within the deadline.

annotation deadline(method) :UInt32;
# A call of it ends after so many milliseconds at the latest, with `deadline`; not 0.

annotation object(method) :Text;
# Kernel calls: the kind of object that the capability of the call word must name (a value of
# `ObjectKind` in kernel.capnp), or "none" when the call takes no capability, or "any".

annotation rights(method) :UInt16;
# Kernel calls: the rights bits that the capability must carry, all of them.

annotation gas(method) :UInt32;
# Kernel calls: the constant number of gas units that the call costs, charged after the checks.

annotation errors(method) :List(Text);
# Kernel calls: every status besides ok, bad_call, bad_capability and no_gas that the call can answer.

annotation local(method) :Void;
# Kernel calls: the call touches only what belongs to the caller's core, so it takes no lock. All others
# hold the tree lock while their handler runs; without it they are entered again.

annotation steps(method) :Void;
# Kernel calls: the call may take several steps; its progress stays in the caller's registers and
# the call is entered again until it is done.
