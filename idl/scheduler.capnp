# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a14;
# A scheduler of one core, or of several together, as its clients see it. Threads are named by their
# place in their core's table, cores by their number among those of the scheduler; times are in slots
# of a core's slice vector. A client changes what concerns its own component's threads; the
# administrators, whom the composition names, change everything.
using C = import "annotations.capnp";
$C.prefix("scheduler");

enum Result {
  # The rules' own results, in the order of enum schedule_status (components/schedule/schedule.h).
  done @0;
  full @1;
  unknown @2;
  present @3;
  unsupported @4;
  weightZero @5;
  weightNegative @6;
  weightOverflow @7;
  priorityRange @8;
  periodZero @9;
  budgetLarge @10;
  deadlineRange @11;
  deadlinePast @12;
  overload @13;
  graphEmpty @14;
  graphLarge @15;
  graphCycle @16;
  graphEdge @17;
  graphCost @18;
  graphBusy @19;
  unknownRule @20;    # No rule is called that.
  denied @21;         # It concerns a thread that is not the caller's, or all, and he is no administrator.
}

struct Terms {
  # What a thread asks for. Each rule looks at what it knows; the others keep the rest.
  weight @0 :Int64 = 1;       # beatty, beatty_dag: its share is weight / sum of the weights
  priority @1 :UInt32 = 32;   # priority: 0 to 63, 0 is the most urgent
  budget @2 :UInt32;          # edf: slots in each period; 0: none, it gets what others leave
  period @3 :UInt32;
  deadline @4 :UInt32;        # edf: from the begin of a period; 0: its end
  first @5 :UInt64;           # edf: the slot of the first deadline; 0: as soon as can be
  core @6 :UInt16;            # in whose table a thread is that is not known yet; one that is stays
}

const anyone :UInt32 = 0xffffffff;
# Instead of a task's thread: the first thread that claims it.

struct Task {
  thread @0 :UInt32;          # who does it, on its core; each such task has a thread of its own
  cost @1 :UInt32 = 1;        # slots that it is expected to take
}

struct Edge {
  before @0 :UInt32;          # Positions in the list of tasks: the second begins when the first is
  after @1 :UInt32;           # finished.
}

struct Thread {
  index @0 :UInt32;
  component @1 :UInt16;       # position in the composition; serverInit of boot.capnp: init, or of no component
  result @2 :Result;          # not `done`: why the rule refused it, so that it gets turns beside
  ready @3 :Bool;
  task @4 :Bool;              # it does a task of a graph
  priority @5 :UInt32;
  weight @6 :Int64;
  slots @7 :UInt64;           # that the rule gave it, since this rule is used
  lag @8 :Int64;              # what its weight would have given it, less that; in 1/1000 slot
  ticks @9 :UInt64;           # that its slots took, as the kernel counted them
  played @10 :UInt64;         # slots that the kernel played for it
  core @11 :UInt16;
}

interface Scheduler {
  setShare @0 (index :UInt32, share :Int64) -> (result :Result, reason :Text);
  # Give a thread another weight, and leave its other terms. One that is not known yet comes.

  state @1 () -> (rule :Text, threads :UInt32, slots :UInt64, refills :UInt64, now :UInt64, sliceTicks :UInt64,
      idle :Bool, late :UInt64) $C.idempotent;
  # The rule, how many threads it knows, the sum of their weights, how often it filled the vector,
  # the slot that it decides next, whether nobody ran when it last looked, and how often the kernel
  # had played more than was decided.

  use @2 (rule :Text) -> (result :Result, reason :Text);
  # Go on by another rule, with the same threads and terms; for administrators. A graph that is not finished is dropped.
  # With several cores `unsupported` but for dag and beatty_dag.

  setTerms @3 (index :UInt32, terms :Terms) -> (result :Result, reason :Text);
  # Give a thread other terms. One that is not known yet comes. Places of the table that belong to
  # no component of the composition are the administrators'.

  remove @4 (index :UInt32) -> (result :Result, reason :Text);
  # Give a thread no slots any more.

  submit @5 (family :UInt32, weight :Int64, tasks :List(Task), edges :List(Edge)) -> (result :Result, reason :Text);
  # Run a graph of tasks. Its threads get slots by it alone until their tasks are finished.

  finished @6 (index :UInt32) -> (result :Result, reason :Text);
  # A thread has finished its task, or needs no more of its budget in this period.

  list @7 (from :UInt32) -> (threads :List(Thread), next :UInt32, played :UInt64) $C.idempotent;
  # At most 32 threads from index `from` on; `next` is 0 when there are no more; `played` of all
  # threads, until this answer.

  claim @8 (index :UInt32, family :UInt32) -> (result :Result, reason :Text, task :UInt32);
  # A thread asks for the first task of a family's graph that may begin and that is anyone's: from then on it gets slots by
  # the graph until it has finished the task, whose position is `task`. Waits for one, in a handler of the scheduler's;
  # `full` if that is the last one of this core. Whoever has a task is told which. Graphs are done by threads of the
  # component that submitted them; with one on each core a graph is spread over all of them.
}
