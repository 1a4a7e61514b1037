# SPDX-License-Identifier: MIT
#
# Commands for gdb that print what the kernel of a stopped machine holds; docs/debugging.md says how
# to connect. Everything is read by the types in kernel.elf's debug information, so nothing here
# knows an offset.
#
#   exo-cores              who runs on each core, and what is played
#   exo-domains            every Domain: threads, slots in use, pages, label, gas
#   exo-threads [DOMAIN]   every Thread (of one Domain): state, where it is, what it waits for
#   exo-slots DOMAIN       the capability table of a Domain
#
# DOMAIN is the number that exo-domains prints: the Domain's first frame.
import struct

import gdb

PAGE_SHIFT = 12
# Of a direct map's addresses; it begins at a multiple of that on every architecture.
PHYSICAL_BITS = 38
FRAME_KERNEL = -(1 << 31)
RIGHTS = {
    "memory": ["read", "write", "execute", "retype", "dma", "frozen"],
    "domain": ["control", "run"],
    "thread": ["control", "run"],
    "cpu": ["control", "run"],
    "gas": ["control", "pay"],
    "portal": ["call", "attach", "badge"],
    "event": ["signal", "wait"],
    "irq": ["use"],
    "ports": ["use"],
}


def kernel_type(name):
    """A type of the kernel, which must be the program that gdb was given."""
    return gdb.lookup_type(name)


def enum_name(value, enum, prefix):
    """The name of a number in an enum of the kernel, in small letters and without its prefix."""
    for field in kernel_type("enum " + enum).fields():
        if field.enumval == int(value):
            return field.name[len(prefix):].lower()
    return str(int(value))


def kind_name(kind):
    return "ending" if int(kind) == 0xFF else enum_name(kind, "exo_object_kind", "EXO_OBJECT_KIND_")


def state_name(thread):
    return enum_name(thread["state"], "thread_state", "THREAD_")


def label_text(label):
    """One digit a dimension; a range as LOW-HIGH."""
    low, high = (struct.pack("<Q", int(label[end])) for end in ("low", "high"))
    low, high = ("".join(str(level) for level in levels) for levels in (low, high))
    return low if low == high else low + "-" + high


def direct_map(frame):
    """The kernel's address of a frame."""
    return int(gdb.parse_and_eval("(unsigned long)frame_table")) & ~((1 << PHYSICAL_BITS) - 1) | (
        frame << PAGE_SHIFT)


def frame_number(pointer):
    return (int(pointer) & ((1 << PHYSICAL_BITS) - 1)) >> PAGE_SHIFT


def domains():
    """(number, struct domain) of all: a Domain's frames name its first frame as their owner."""
    try:
        limit = int(gdb.parse_and_eval("frame_limit"))
    except gdb.MemoryError:
        limit = 0
    if limit == 0:
        raise gdb.GdbError("the kernel has not started yet: continue, and stop it later")
    address = int(gdb.parse_and_eval("(unsigned long)frame_table"))
    size = kernel_type("struct frame").sizeof
    memory = gdb.selected_inferior().read_memory(address, limit * size)
    for number, (_, writers, _, owner) in enumerate(struct.iter_unpack("<IiII", memory)):
        if writers == FRAME_KERNEL and owner == number:
            pointer = gdb.Value(direct_map(number)).cast(kernel_type("struct domain").pointer())
            yield number, pointer.dereference()


def domain_of(text):
    for number, domain in domains():
        if text and number == int(text, 0):
            return domain
    raise gdb.GdbError("no such Domain; exo-domains lists them")


def chain(first, link):
    pointer = first
    while int(pointer) != 0:
        yield pointer.dereference()
        pointer = pointer[link]


def slots(domain):
    """(index, struct slot) of the slots in use."""
    for index in range(int(domain["slot_total"])):
        slot = domain["slots"][index]
        if int(slot["kind"]) != 0:
            yield index, slot


def place(address):
    symbol = gdb.execute("info symbol %#x" % address, to_string=True)
    known = not symbol.startswith("No symbol")
    return "%#x%s" % (address, " " + symbol.split(" in section")[0].strip() if known else "")


def waits_for(thread):
    state = state_name(thread)
    what = {"waiting": "event", "queued": "portal_wanted", "calling": "callee", "idle": "portal"}
    if state == "stopped":
        return enum_name(thread["stop_reason"], "exo_stop_reason", "EXO_STOP_REASON_")
    if state not in what:
        return "serves" if int(thread["serving"]) else ""
    return "%s %#x" % (what[state].split("_")[0], int(thread[what[state]]))


def rights_text(kind, rights):
    names = RIGHTS.get(kind, [])
    return "+".join(name for bit, name in enumerate(names) if int(rights) >> bit & 1)


def slot_text(slot):
    kind = kind_name(slot["kind"])
    if kind in ("memory", "irq", "ports", "feed", "vector"):
        text = "%#x+%#x" % (int(slot["base"]), int(slot["count"]))
    else:
        text = "at %#x" % int(slot["object"])
    if kind == "portal":
        text += " badge %#x" % int(slot["badge"])
    if kind == "event":
        text += " bits %#x" % int(slot["badge"])
    if kind == "memory" and int(slot["map_high"]) > int(slot["map_low"]):
        text += " mapped in %#x-%#x" % (int(slot["map_low"]), int(slot["map_high"]))
    notice = enum_name(slot["notice"], "exo_notice_reason", "EXO_NOTICE_REASON_")
    return text if notice == "none" else text + " notice " + notice


def print_threads(number, domain):
    for thread in chain(domain["threads"], "home_next"):
        index = int(thread["cpu_index"])
        registers = thread["registers"]
        print("%-18s %7d %6s %-8s %-28s %s" % (
            "%#x" % int(thread.address), number, "-" if index == 0xFFFFFFFF else index,
            state_name(thread), waits_for(thread), place(int(registers["instruction"]))))


class Cores(gdb.Command):
    """Who runs on each core, and what is played."""

    def __init__(self):
        super().__init__("exo-cores", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        core = gdb.parse_and_eval("boot_core")
        print("core %d: current %#x, slot of %#x, position %d of %d, bound threads %d" % (
            int(core["number"]), int(core["current"]), int(core["slot_thread"]),
            int(core["position"]), int(core["vector_count"]), int(core["bound"])))
        for field in kernel_type("enum exo_counter").fields():
            name = field.name[len("EXO_COUNTER_"):].lower().replace("_", " ")
            if field.enumval < core["counters"].type.range()[1] + 1:
                print("  %-18s %d" % (name, int(core["counters"][field.enumval])))


class Domains(gdb.Command):
    """Every Domain: threads, slots in use, address space, label, gas."""

    def __init__(self):
        super().__init__("exo-domains", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        print(" number threads  slots      of root        free tables label             gas")
        for number, domain in domains():
            threads = sum(1 for _ in chain(domain["threads"], "home_next"))
            used = sum(1 for _ in slots(domain))
            gas = int(domain["gas"]["balance"]) if int(domain["gas"]) else 0
            print("%7d %7d %6d %7d %#-11x %11d %-17s %d" % (
                number, threads, used, int(domain["slot_total"]), int(domain["root"]),
                int(domain["pool_count"]), label_text(domain["object"]["label"]), gas))


class Threads(gdb.Command):
    """Every Thread, or those of one Domain: state, what it waits for, where it is."""

    def __init__(self):
        super().__init__("exo-threads", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        print("%-18s %7s %6s %-8s %-28s %s" % (
            "thread", "domain", "index", "state", "waits for", "instruction"))
        for number, domain in domains():
            if not argument or number == int(argument, 0):
                print_threads(number, domain)


class Slots(gdb.Command):
    """The capability table of a Domain."""

    def __init__(self):
        super().__init__("exo-slots", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        print("%6s %-8s %-24s %-26s %s" % ("slot", "kind", "rights", "derived from", "what"))
        for index, slot in slots(domain_of(argument)):
            kind = kind_name(slot["kind"])
            parent = int(slot["parent"])
            owner = "-"
            if parent:
                frame = gdb.parse_and_eval("frame_table")[frame_number(parent)]
                table = gdb.Value(direct_map(int(frame["owner"])))
                table = table.cast(kernel_type("struct domain").pointer())["slots"]
                position = (parent - int(table)) // kernel_type("struct slot").sizeof
                owner = "domain %d slot %d" % (int(frame["owner"]), position)
            print("%6d %-8s %-24s %-26s %s" % (
                index, kind, rights_text(kind, slot["rights"]), owner, slot_text(slot)))


for command in (Cores, Domains, Threads, Slots):
    command()
