/* SPDX-License-Identifier: MIT */
#include "pool.h"

#include "assert.h"

enum { CLASS_PAGE = POOL_CLASSES - 1 };

bool pool_start(struct pool *pool, void *memory, uint64_t bytes)
{
    uint64_t count = bytes / POOL_PAGE;
    if (count > UINT32_MAX / POOL_PAGE_UNITS)
        count = UINT32_MAX / POOL_PAGE_UNITS;
    uint64_t own = (count * sizeof *pool->pages + POOL_PAGE - 1) / POOL_PAGE;
    *pool = (struct pool){.base = memory, .pages = memory, .page_count = (uint32_t)count,
                          .first = (uint32_t)own, .fresh = (uint32_t)own,
                          .limit = count > own ? (uint32_t)(count - own) : 0};
    assert(((uintptr_t)memory & (POOL_PAGE - 1)) == 0);
    return pool->limit > 0;
}

/* Put a page in front of a list, or take one out of it. */
static void enlist(struct pool *pool, uint32_t *list, uint32_t page)
{
    pool->pages[page].next = *list;
    pool->pages[page].previous = 0;
    if (*list != 0)
        pool->pages[*list].previous = page;
    *list = page;
}

/* As enlist. */
static void unlist(struct pool *pool, uint32_t *list, uint32_t page)
{
    const struct pool_page *state = &pool->pages[page];
    if (state->previous != 0)
        pool->pages[state->previous].next = state->next;
    else
        *list = state->next;
    if (state->next != 0)
        pool->pages[state->next].previous = state->previous;
}

/* Make a free page of one that is kept for a size. */
static void give_kept(struct pool *pool)
{
    for (uint32_t class = 0; class < CLASS_PAGE; class++)
        if (pool->kept[class] != 0) {
            unlist(pool, &pool->partial[class], pool->kept[class]);
            enlist(pool, &pool->free_pages, pool->kept[class]);
            pool->kept[class] = 0;
            return;
        }
}

/* A free page; 0 if there is none. */
static uint32_t take_page(struct pool *pool)
{
    if (pool->used == pool->limit)
        return 0;
    if (pool->free_pages == 0 && pool->fresh == pool->page_count)
        give_kept(pool);
    uint32_t page = pool->free_pages;
    if (page != 0)
        unlist(pool, &pool->free_pages, page);
    else if (pool->fresh < pool->page_count)
        page = pool->fresh++;
    pool->used += page != 0;
    return page;
}

/* The word of a free block that says which is the next one in its page. */
static uint16_t *next_of(const struct pool *pool, uint32_t page, uint32_t unit)
{
    return pool_at(pool, page * POOL_PAGE_UNITS + unit);
}

/* Divide a page into blocks of a class, all free. */
static void divide(struct pool *pool, uint32_t page, uint32_t class)
{
    uint32_t step = 1u << class;
    pool->pages[page] = (struct pool_page){.class = (uint8_t)class};
    for (uint32_t unit = 0; unit < POOL_PAGE_UNITS; unit += step)
        *next_of(pool, page, unit) = (uint16_t)(unit + step);
    enlist(pool, &pool->partial[class], page);
}

uint32_t pool_take(struct pool *pool, size_t bytes)
{
    uint32_t class = 0;
    assert(bytes <= POOL_PAGE);
    while ((size_t)POOL_UNIT << class < bytes)
        class++;
    uint32_t page = pool->partial[class];
    if (page == 0) {
        page = take_page(pool);
        if (page == 0)
            return 0;
        if (class == CLASS_PAGE) {
            pool->pages[page] = (struct pool_page){.class = CLASS_PAGE, .used = 1};
            return page * POOL_PAGE_UNITS;
        }
        divide(pool, page, class);
    }
    struct pool_page *state = &pool->pages[page];
    if (page == pool->kept[class]) {
        pool->kept[class] = 0;
        pool->used++;
    }
    uint32_t unit = state->free;
    state->free = *next_of(pool, page, unit);
    state->used++;
    if (state->free == POOL_PAGE_UNITS)
        unlist(pool, &pool->partial[class], page);
    return page * POOL_PAGE_UNITS + unit;
}

void pool_give(struct pool *pool, uint32_t block)
{
    uint32_t page = block / POOL_PAGE_UNITS, unit = block % POOL_PAGE_UNITS;
    struct pool_page *state = &pool->pages[page];
    assert(page >= pool->first && page < pool->fresh);
    assert(state->used > 0 && unit % (1u << state->class) == 0);
    if (state->class != CLASS_PAGE) {
        if (state->free == POOL_PAGE_UNITS)
            enlist(pool, &pool->partial[state->class], page);
        *next_of(pool, page, unit) = state->free;
        state->free = (uint16_t)unit;
    }
    state->used--;
    if (state->used > 0)
        return;
    pool->used--;
    if (state->class != CLASS_PAGE && pool->kept[state->class] == 0) {
        pool->kept[state->class] = page;
        return;
    }
    if (state->class != CLASS_PAGE)
        unlist(pool, &pool->partial[state->class], page);
    enlist(pool, &pool->free_pages, page);
}

bool pool_check(const struct pool *pool)
{
    uint32_t used = 0, listed = 0, divided = 0;
    for (uint32_t page = pool->first; page < pool->fresh; page++) {
        const struct pool_page *state = &pool->pages[page];
        used += state->used > 0;
        divided += state->used > 0 && state->class != CLASS_PAGE && state->free != POOL_PAGE_UNITS;
    }
    for (uint32_t class = 0; class < CLASS_PAGE; class++)
        for (uint32_t page = pool->partial[class]; page != 0; page = pool->pages[page].next) {
            uint32_t count = pool->pages[page].used;
            for (uint32_t unit = pool->pages[page].free; unit < POOL_PAGE_UNITS;
                 unit = *next_of(pool, page, unit))
                count++;
            if (pool->pages[page].class != class || count != (uint32_t)POOL_PAGE_UNITS >> class)
                return false;
            if ((pool->pages[page].used == 0) != (page == pool->kept[class]))
                return false;
            listed += pool->pages[page].used > 0;
        }
    return used == pool->used && listed == divided && used <= pool->limit;
}
