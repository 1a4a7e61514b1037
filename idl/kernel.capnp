# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a03;
# Every kernel call, declared once. From this file come the numbers, the user stubs, the kernel's
# argument views, the dispatch table, the checks, the tracer's decoder and the manual.
#
# A method's ordinal is its number: permanent, dense and global, which is why one interface holds all.
# The name is NOUN_VERB in camel case (`memoryMap` is `memory_map()` in kernel/memory.c).
# Parameters and results travel in order in the registers words; at most 6 of each.
using C = import "annotations.capnp";
$C.prefix("exo");

const callTag :UInt16 = 0xe706;
# The upper 16 bits of a kernel call's word. The next 16 are the number, the lower 32 the
# capability's index. Any other word that arrives by the system-call instruction is foreign.

const self :UInt32 = 0xffffffff;
# The index that stands for the calling thread's own Domain, wherever a Domain is asked for.

const none :UInt32 = 0xfffffffe;
# The index that stands for no capability, where one may be left out.

const labelTop :UInt64 = 0x0707070707070707;
# The highest label: level 7 in each of the eight dimensions, one byte a dimension. The lowest is 0.

enum ObjectKind {
  empty @0;    # A free slot.
  memory @1;   # A run of physical frames.
  domain @2;   # An address space and a capability table.
  thread @3;
  portal @4;
  event @5;
  cpu @6;
  gas @7;
  irq @8;      # A run of interrupt lines.
  ports @9;    # A run of x86 I/O ports.
  feed @10;    # Frames that a Domain was given for its page tables.
  vector @11;  # Frames that hold a core's slice vector.
}

# Rights, one bit each, by kind of object.
const coreFrames :UInt16 = 80;
# Frames of Memory that cpuStart takes at most.

const rightRead :UInt16 = 0x0001;      # Memory: map for reading.
const rightWrite :UInt16 = 0x0002;     # Memory: map for writing.
const rightExecute :UInt16 = 0x0004;   # Memory: map for execution.
const rightRetype :UInt16 = 0x0008;    # Memory: make kernel objects, feed domains.
const rightDma :UInt16 = 0x0010;       # Memory: pinned for a device; in derive: pin it.
const rightFrozen :UInt16 = 0x0020;    # Memory: nobody writes while this exists; in derive: freeze it.
const rightUncached :UInt16 = 0x0040;  # memoryMap only: map as device registers.
const rightControl :UInt16 = 0x0001;   # Domain, Thread, Cpu, Gas: change it.
const rightRun :UInt16 = 0x0002;       # Thread: yield to it, bind it. Domain: make threads and portals in it.
const rightPay :UInt16 = 0x0002;       # Gas: name it as the account that pays.
const rightCall :UInt16 = 0x0001;      # Portal: call it.
const rightAttach :UInt16 = 0x0002;    # Portal: attach handlers to it.
const rightBadge :UInt16 = 0x0004;     # Portal: derive with a badge of one's own choice.
const rightSignal :UInt16 = 0x0001;    # Event: set the bits.
const rightWait :UInt16 = 0x0002;      # Event: take the bits.
const rightUse :UInt16 = 0x0001;       # Irq: bind and acknowledge. Ports: read and write.

enum ThreadRegister {
  # The words that threadWrite and threadRead move, in this order.
  arg0 @0; arg1 @1; arg2 @2; arg3 @3; arg4 @4; arg5 @5;  # rdi rsi rdx r10 r8 r9
  status @6;                                             # rax
  save0 @7; save1 @8; save2 @9; save3 @10; save4 @11; save5 @12;  # rbx rbp r12 r13 r14 r15
  scratch0 @13; scratch1 @14;                            # rcx r11
  instructionPointer @15; flags @16; stackPointer @17;
  tlsBase @18; tlsBase2 @19;                             # fs and gs base; portalCall and portalReply reset both to 0
  faultEntry @20; foreignEntry @21; eventEntry @22;      # upcall entry points; 0: none
  upcallStackLow @23; upcallStackHigh @24;               # user addresses, [low, high)
  upcallMask @25;      # address of the word that defers the event upcall while it is not 0; 0: none
  upcallEvent @26;     # slot of the Event whose bits start the event upcall, or `none`
  exitEvent @27;       # slot of the Event that is signalled when the thread stops by itself, or `none`
  receiveFirst @28;    # first slot of the run posted for capabilities that arrive by a call or reply
  receiveCount @29;    # slots in that run; used up from the front by each arrival
  stopReason @30;      # read only: why the thread stopped
}

enum StopReason {
  none @0;
  requested @1;       # threadStop
  fault @2;           # a fault without a usable handler
  foreign @3;         # a foreign system call without a handler
  upcallStack @4;     # the upcall frame could not be written
  domainEnded @5;
}

enum Counter {
  # What kernelCounters reads, in this order; one core's, since its start.
  kernelEntries @0;   # system calls, faults and interrupts that entered the kernel
  spaceSwitches @1;   # loads of another address space
  flushes @2;         # TLB flushes, of a page or of all
  portalCalls @3;
  contextSwitches @4; # from one slot of the vector to another
  upcalls @5;
  idleTicks @6;
  capabilities @7;    # slots in use
  kernelFrames @8;    # frames retyped into kernel objects
  gasUnits @9;        # gas units of kernel calls
  interrupts @10;
  steps @11;          # kernel calls that were entered again
  gasDebited @12;     # micro-units that this core took from accounts
  slotTicks @13;      # of slots that have ended, by the clock of the slots
  paidTicks @14;      # that accounts have paid, by the clock of the accounts: the same in the end
}

enum UpcallCause { fault @0; foreign @1; event @2; }

enum NoticeReason { none @0; asked @1; taken @2; lastChild @3; ended @4; }

enum GasPrice {
  # What is debited, in micro-units: per 1,024 ticks of time, per frame and 1,048,576 ticks, per gas unit of a kernel call.
  time @0; memory @1; call @2;
}

interface Kernel {
  kernelNull @0 () -> () $C.object("none") $C.gas(1) $C.local;
  # Do nothing.

  kernelCounters @1 (first :UInt64) -> (value0 :UInt64, value1 :UInt64, value2 :UInt64, value3 :UInt64,
      value4 :UInt64, value5 :UInt64)
    $C.object("none") $C.gas(2) $C.local $C.errors(["bad_argument"]);
  # Read six of a core's counters (the order is enum Counter), from bits 0-31 of `first` on; bits 32-63 are the core's number
  # and 1 more, or 0 for the own one.

  capabilityDerive @2 (domain :UInt64, slot :UInt64, offset :UInt64, count :UInt64, rights :UInt64, detail :UInt64) -> ()
    $C.object("any") $C.gas(4) $C.steps
    $C.errors(["bad_argument", "denied", "conflict", "too_deep"]);
  # Make a weaker child of a capability in a free slot of a Domain's table. Memory, Irq, Ports: `offset`
  # and `count` choose a part of the run (frames, lines, ports); `rights` bits 32-63 name a Gas slot that
  # pays, 0 none; `detail` is the address of two label words (low, high), 0 the parent's.
  # Event: `detail` is the bits, a subset. Portal: `detail` is the badge (needs the badge right), 0 the parent's.

  capabilityDelete @3 () -> () $C.object("any") $C.gas(4) $C.steps $C.errors(["busy"]);
  # Throw away one capability; its children become its parent's.

  capabilityRevoke @4 (ask :UInt64) -> () $C.object("any") $C.gas(4) $C.steps
    $C.errors(["busy", "bad_argument"]);
  # Take back everything derived from a capability, or with `ask` 1 only ask for it.

  capabilityNotify @5 (slot :UInt64, event :UInt64) -> () $C.object("domain") $C.gas(2)
    $C.errors(["bad_argument"]);
  # Name the slot of the Event (in the same table) that hears what happens to a slot of a Domain's table; `none`: nobody.

  capabilityInfo @6 (slot :UInt64) -> (kind :UInt64, rights :UInt64, value :UInt64, count :UInt64,
      low :UInt64, high :UInt64)
    $C.object("domain") $C.gas(2) $C.errors(["bad_argument"]);
  # Say what a slot of a Domain's table holds. `kind` carries the notice reason in bits 8-15. Memory: `value` is the
  # physical address of the run, `count` its frames, low and high the labels. Gas: balance and frames held.

  memoryMap @7 (slot :UInt64, address :UInt64, offset :UInt64, count :UInt64, rights :UInt64) -> (done :UInt64)
    $C.object("domain") $C.rights(1) $C.gas(4)
    $C.errors(["bad_argument", "bad_capability", "denied", "conflict", "full"]);
  # Map `count` (at most 1,024) frames of the Memory in a Domain's slot, from frame `offset` on, at `address` of that Domain; `done` counts the entries set.

  memoryUnmap @8 (address :UInt64, count :UInt64) -> () $C.object("domain") $C.rights(1) $C.gas(4)
    $C.errors(["bad_argument"]);
  # Clear `count` (at most 1,024) page-table entries.

  memoryProtect @9 (address :UInt64, count :UInt64, rights :UInt64) -> () $C.object("domain") $C.rights(1) $C.gas(4)
    $C.errors(["bad_argument"]);
  # Weaken `count` (at most 1,024) page-table entries to at most `rights`.

  memoryScan @10 (address :UInt64, count :UInt64) -> (accessed :UInt64, dirty :UInt64)
    $C.object("domain") $C.rights(1) $C.gas(4) $C.errors(["bad_argument"]);
  # Read and clear the use bits of at most 64 page-table entries, bit i for page i.

  memoryRetype @11 (offset :UInt64, count :UInt64, kind :UInt64, slot :UInt64, number :UInt64, detail :UInt64) -> ()
    $C.object("memory") $C.rights(0x8) $C.gas(8)
    $C.errors(["bad_argument", "bad_capability", "conflict", "denied", "too_deep"]);
  # Turn `count` frames into `number` kernel objects of one kind, named by the caller's slots from `slot` on.
  # `detail` is a slot: the Gas account of a Domain, the home Domain of a Thread or Portal, the parent of a Gas account.

  domainFeed @12 (memory :UInt64, offset :UInt64, count :UInt64, slot :UInt64) -> ()
    $C.object("domain") $C.rights(1) $C.gas(8)
    $C.errors(["bad_argument", "bad_capability", "conflict", "denied", "too_deep"]);
  # Give a Domain `count` frames of one's own Memory for its page tables; `slot` of the Domain's own table remembers them.

  threadWrite @13 (first :UInt64, count :UInt64, address :UInt64) -> () $C.object("thread") $C.rights(1) $C.gas(4)
    $C.errors(["bad_argument", "busy"]);
  # Set `count` registers of a stopped Thread from the words at `address`, from `first` of ThreadRegister on.

  threadRead @14 (first :UInt64, count :UInt64, address :UInt64) -> () $C.object("thread") $C.rights(1) $C.gas(4)
    $C.errors(["bad_argument", "busy"]);
  # Read `count` registers of a stopped Thread.

  threadStart @15 () -> () $C.object("thread") $C.rights(1) $C.gas(2) $C.errors(["conflict"]);
  # Let a Thread run when its slots come.

  threadStop @16 () -> () $C.object("thread") $C.rights(1) $C.gas(2);
  # Stop a Thread, out of whatever it waits for.

  threadYield @17 () -> () $C.object("thread") $C.rights(2) $C.gas(2) $C.local $C.errors(["busy", "bad_argument"]);
  # Give the rest of this slice to another Thread of this core.

  portalAttach @18 (thread :UInt64) -> () $C.object("portal") $C.rights(2) $C.gas(2)
    $C.errors(["bad_argument", "bad_capability", "busy"]);
  # List a Thread of the Portal's Domain as its handler on the Thread's core.

  portalCall @19 (word0 :UInt64, word1 :UInt64, word2 :UInt64, word3 :UInt64, deadline :UInt64, transfer :UInt64)
      -> (word0 :UInt64, word1 :UInt64, word2 :UInt64, word3 :UInt64, unused :UInt64, received :UInt64)
    $C.object("portal") $C.rights(1) $C.gas(4) $C.local
    $C.errors(["busy", "too_deep", "disconnected", "deadline", "cancelled", "full", "denied", "bad_argument"]);
  # Enter a Portal on one's own time slice and wait for the reply, at most until `deadline` (absolute ticks; 0: do
  # not wait for a handler; all ones: for ever). `transfer`: bits 0-31 the first of the own slots whose capabilities
  # go along, bits 32-39 how many. `received` counts those that came with the reply.

  portalReply @20 (word0 :UInt64, word1 :UInt64, word2 :UInt64, word3 :UInt64, status :UInt64, transfer :UInt64)
      -> (word0 :UInt64, word1 :UInt64, word2 :UInt64, word3 :UInt64, badge :UInt64, received :UInt64)
    $C.object("none") $C.gas(4) $C.local $C.steps
    $C.errors(["bad_argument", "full", "denied", "disconnected"]);
  # Answer the caller, if there is one, and wait for the next one.

  portalCancel @21 () -> () $C.object("thread") $C.rights(1) $C.gas(2) $C.errors(["bad_argument"]);
  # Detach a Thread from the call it waits for; its call answers `cancelled`.

  portalLimit @22 (gas :Int64) -> () $C.object("portal") $C.rights(2) $C.gas(2) $C.local;
  # Say the gas that a caller's account must hold to enter.

  eventSignal @23 () -> () $C.object("event") $C.rights(1) $C.gas(2) $C.local;
  # Set the bits that the capability names.

  eventWait @24 (deadline :UInt64) -> (bits :UInt64) $C.object("event") $C.rights(2) $C.gas(2) $C.local
    $C.errors(["busy", "deadline", "full", "cancelled", "disconnected"]);
  # Take the pending bits that the capability names, or sleep until there are some or `deadline` (absolute ticks; 0 only looks) passes;
  # `full` when 32 Threads wait for the Event already, `busy` when Threads of another core do.

  cpuStart @25 (core :UInt64, memory :UInt64, offset :UInt64, slot :UInt64) -> () $C.object("cpu") $C.rights(2) $C.gas(8)
    $C.errors(["bad_argument", "bad_capability", "busy", "conflict", "too_deep"]);
  # Start the core with this number of the processor's (x86_64: of its local controller, riscv64: of the hart) on frames of the
  # own Memory from `offset` on, which it keeps for ever, and name it in `slot`; `busy` until it runs: call again for a while.

  cpuBind @26 (thread :UInt64, index :UInt64, marked :UInt64) -> () $C.object("cpu") $C.rights(1) $C.gas(4)
    $C.errors(["bad_argument", "bad_capability", "busy", "conflict"]);
  # Put a Thread into the core's table at `index` (`thread` `none`: take out); `marked` 1 wakes the scheduler when it becomes ready.

  cpuPlay @27 (memory :UInt64, offset :UInt64, count :UInt64, slot :UInt64, scheduler :UInt64) -> (index :UInt64)
    $C.object("cpu") $C.rights(1) $C.gas(8) $C.steps
    $C.errors(["bad_argument", "bad_capability", "busy", "conflict", "denied", "too_deep"]);
  # Tell a core which vector to play: `count` frames of the own Memory, remembered by the own free `slot`; `scheduler` bits 0-31
  # the table index of the scheduler's Thread, bits 32-63 the slot of the Event that is signalled when the vector runs dry, or,
  # while word 4 of the report is not 0, when an idle core plays somebody else. The answer is the index at which the core now
  # plays; `memory` `none` only asks.

  gasTransfer @28 (child :UInt64, amount :Int64, lowMark :UInt64) -> () $C.object("gas") $C.rights(1) $C.gas(2)
    $C.errors(["bad_argument", "bad_capability", "no_gas"]);
  # Move credit from an account to its child (negative: back), and set the child's low mark.

  gasDebit @29 (amount :UInt64) -> () $C.object("gas") $C.rights(2) $C.gas(2) $C.errors(["no_gas"]);
  # Charge an account for work that the kernel does not see.

  gasPrice @30 (price :UInt64, value :UInt64) -> () $C.object("gas") $C.rights(1) $C.gas(2)
    $C.errors(["bad_argument", "denied"]);
  # Set a price (root account only).

  irqBind @31 (line :UInt64, event :UInt64) -> () $C.object("irq") $C.rights(1) $C.gas(4)
    $C.errors(["bad_argument", "bad_capability"]);
  # Connect a line to the bits of an Event (`none`: disconnect); it stays masked until acknowledged.

  irqAcknowledge @32 (line :UInt64) -> () $C.object("irq") $C.rights(1) $C.gas(2) $C.local $C.errors(["bad_argument"]);
  # Open a line again.

  portRead @33 (port :UInt64, width :UInt64) -> (value :UInt64) $C.object("ports") $C.rights(1) $C.gas(2) $C.local
    $C.errors(["bad_argument"]);
  # Read an I/O port of the run; `width` 1, 2 or 4 bytes.

  portWrite @34 (port :UInt64, width :UInt64, value :UInt64) -> () $C.object("ports") $C.rights(1) $C.gas(2) $C.local
    $C.errors(["bad_argument"]);
  # Write an I/O port of the run.

  upcallReturn @35 (frame :UInt64) -> () $C.object("none") $C.gas(2) $C.local $C.errors(["bad_argument"]);
  # Return from an upcall through the frame at `frame`, where the processor cannot do it alone.
}
