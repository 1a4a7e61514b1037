# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a1d;
# A market for the time of a core: slots of a round are sold to whoever bids, each period anew.
using C = import "annotations.capnp";
$C.prefix("market");

interface Account {
  # Stands for a Gas capability in a message.
}

enum Result {
  done @0;
  unknownBidder @1;   # init knows no thread of a component called like the caller.
  noAccount @2;       # What came is no account that can be charged, or none has come yet.
  tooMuch @3;         # More than bidMax.
}

const bidMax :UInt64 = 0x10000000000;
# Micro-units that one bid can be.

struct Bidder {
  name @0 :Text;         # of the component
  bid @1 :UInt64;        # micro-units for each period; 0: it does not bid any more
  paid @2 :UInt64;       # micro-units in all periods together
  slots @3 :UInt32;      # of a round, that the last period gave it
  dry @4 :Bool;          # its account could not pay the last bid
}

struct Period {
  demand @0 :UInt64;     # all bids together, in micro-units
  paid @1 :UInt64;       # those of them that the accounts could pay
  price @2 :UInt64;      # of one slot in each round of this period: what was paid, by slots sold
  sold @3 :UInt32;       # slots of a round
}

interface Market {
  bid @0 (account :Account, amount :UInt64) -> (result :Result);
  # Bid so many micro-units for each period, from the next one on; 0 ends that. The account, with the
  # right to pay, is charged with each period; without one in the message the one before is meant.

  state @1 () -> (supply :UInt32, periodMicroseconds :UInt64, periods :UInt64, bidders :List(Bidder))
    $C.idempotent;
  # What is for sale, how many periods there were, and everybody who has ever bid.

  history @2 () -> (periods :List(Period)) $C.idempotent;
  # The last periods, at most 64, the oldest first.
}
