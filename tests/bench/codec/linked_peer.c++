// SPDX-License-Identifier: MIT
// The program of linked_ours.c with the C++ implementation.
#include "linked.h"
#include "types.capnp.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

static const unsigned COUNT = 3;

static void writeAll(All::Builder to, unsigned seed, int depth)
{
    auto data = kj::StringPtr("data").asBytes();
#define WRITE(field, peer) to.set##peer(seed++);
    LINKED_SCALARS(WRITE)
    to.setWhich(static_cast<Letter>(seed & 7));
    to.setText("text");
    to.setData(data);
#define WRITE_LIST(field, peer, element)                                                           \
    {                                                                                              \
        auto list = to.init##peer(COUNT);                                                          \
        for (unsigned i = 0; i < COUNT; i++)                                                       \
            list.set(i, seed++);                                                                   \
    }
    LINKED_LISTS(WRITE_LIST)
    to.initNothings(COUNT);
    to.initNothings2(COUNT);
    auto letters = to.initLetters(COUNT);
    auto texts = to.initTexts(COUNT);
    auto datas = to.initDatas(COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        letters.set(i, static_cast<Letter>(i));
        texts.set(i, "text");
        datas.set(i, data);
    }
    if (depth == 0)
        return;
    writeAll(to.initInner(), seed, depth - 1);
    auto inners = to.initInners(COUNT);
    for (auto inner : inners)
        writeAll(inner, seed, depth - 1);
}

static uint64_t readAll(All::Reader from, int depth)
{
    uint64_t sum = 0;
#define READ(field, peer) sum += static_cast<uint64_t>(from.get##peer());
    LINKED_SCALARS(READ)
    sum += static_cast<uint64_t>(from.getWhich()) + from.getText().size() + from.getData().size();
#define READ_LIST(field, peer, element)                                                            \
    for (auto value : from.get##peer())                                                            \
        sum += static_cast<uint64_t>(value);
    LINKED_LISTS(READ_LIST)
    sum += from.getNothings().size() + from.getNothings2().size();
    for (auto value : from.getLetters())
        sum += static_cast<uint64_t>(value);
    for (auto value : from.getTexts())
        sum += value.size();
    for (auto value : from.getDatas())
        sum += value.size();
    if (depth == 0)
        return sum;
    sum += readAll(from.getInner(), depth - 1);
    for (auto inner : from.getInners())
        sum += readAll(inner, depth - 1);
    return sum;
}

int main(int count, char **)
{
    capnp::MallocMessageBuilder builder;
    writeAll(builder.initRoot<All>(), static_cast<unsigned>(count), 1);
    auto words = capnp::messageToFlatArray(builder);
    capnp::FlatArrayMessageReader reader(words);
    return readAll(reader.getRoot<All>(), 1) == 0;
}
