/* SPDX-License-Identifier: MIT */
/* What is refused when an archive is opened, with which words. */
#include "make_archive.h"

/* What was made must be refused with exactly this text. */
static void expect_refusal(const char *text)
{
    char got[512] = "it was accepted";
    if (open_made(MEMORY_BYTES) != ARCHIVE_OK)
        archive_error_text(&error, got, sizeof got);
    if (strcmp(got, text) != 0)
        fprintf(stderr, "    expected: %s\n    got:      %s\n", text, got);
    CU_ASSERT(strcmp(got, text) == 0);
    CU_ASSERT(!went_outside);
}

static void refuse_entry(char type, const char *name, const char *target, const char *text)
{
    begin();
    add('5', "full/sub", NULL, NULL);
    add('2', "link", "full", NULL);
    add('0', "file", NULL, "x");
    add(type, name, target, NULL);
    end();
    expect_refusal(text);
}

static void test_refused_names(void)
{
    refuse_entry('0', "../x", NULL, "tar header at byte 2048, entry ../x: \"..\" in its name");
    refuse_entry('0', "a/../x", NULL, "tar header at byte 2048, entry a/../x: \"..\" in its name");
    refuse_entry('0', "a/..", NULL, "tar header at byte 2048, entry a/..: \"..\" in its name");
    refuse_entry('0', "", NULL, "tar header at byte 2048: it has no name");
    refuse_entry('0', "/.", NULL, "tar header at byte 2048, entry /.: it names the root, which is "
                                  "a directory");
    refuse_entry('0', "file/x", NULL, "tar header at byte 2048, entry file/x: its name leads "
                                      "through what is no directory");
    refuse_entry('0', "link/x", NULL, "tar header at byte 2048, entry link/x: its name leads "
                                      "through a symbolic link");
    refuse_entry('0', "full", NULL, "tar header at byte 2048, entry full: it would replace a "
                                    "directory that is not empty");
    refuse_entry('1', "x", "nothing", "tar header at byte 2048, entry x: it is a hard link to what "
                                      "is not in the archive before it");
    refuse_entry('1', "x", "../file", "tar header at byte 2048, entry x: it is a hard link to what "
                                      "is not in the archive before it");
    refuse_entry('1', "x", "full/sub", "tar header at byte 2048, entry x: it is a hard link to a "
                                       "directory");
    refuse_entry('1', "x", "", "tar header at byte 2048, entry x: it is a link without a target");
    refuse_entry('2', "x", "", "tar header at byte 2048, entry x: it is a link without a target");
    refuse_entry('S', "x", NULL, "tar header at byte 2048, entry x: we cannot read this: a sparse "
                                 "file of GNU tar; make the archive without --sparse");
    refuse_entry('M', "x", NULL, "tar header at byte 2048, entry x: we cannot read this: an entry "
                                 "of an unknown type");
}

/* An entry whose header has other bytes somewhere. */
static void refuse_header(size_t at, const char *text, size_t count, const char *message)
{
    begin();
    uint8_t *header = add('3', "x", NULL, "content");
    memcpy(header + at, text, count);
    if (at != 148)
        sum(header);
    end();
    expect_refusal(message);
}

static void test_refused_headers(void)
{
    refuse_header(124, "77777777777", 11,
                  "tar header at byte 0, entry x: its content ends behind the archive");
    refuse_header(124, "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12,
                  "tar header at byte 0, entry x: its content ends behind the archive");
    refuse_header(124, "\x80\0\0\0\xff\xff\xff\xff\xff\xff\xfe\0", 12,
                  "tar header at byte 0, entry x: its size is no number of 63 bits");
    refuse_header(124, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12,
                  "tar header at byte 0, entry x: its size is no number of 63 bits");
    refuse_header(124, "0000x", 5,
                  "tar header at byte 0, entry x: its size is no number of 63 bits");
    refuse_header(100, "8", 1, "tar header at byte 0, entry x: its mode is no number");
    refuse_header(108, "\x80\0\0\1\0\0\0\0", 8,
                  "tar header at byte 0, entry x: its user is no number of 32 bits");
    refuse_header(116, "-1", 2, "tar header at byte 0, entry x: its group is no number of 32 bits");
    refuse_header(136, "\x80\1", 2,
                  "tar header at byte 0, entry x: its time is no number of 64 bits");
    refuse_header(329, "9", 1,
                  "tar header at byte 0, entry x: the number of its device is no number "
                  "of 32 bits");
    refuse_header(148, "7", 1, "archive at byte 0: it begins like no archive of cpio or tar");
    begin();
    add('0', "x", NULL, NULL);
    bytes[BLOCK_BYTES] = 'x';
    size += BLOCK_BYTES;
    expect_refusal("tar header at byte 512: the checksum is wrong");
    begin();
    add('0', "x", NULL, NULL);
    size += BLOCK_BYTES;
    expect_refusal("tar header at byte 1024: the archive ends without its two blocks of zeros");
    add('0', "y", NULL, NULL);
    expect_refusal("tar header at byte 1024: only one block of zeros is before it");
    begin();
    add('x', "x", NULL, "6 a=b\n");
    end();
    expect_refusal("tar header at byte 1024: an extended header belongs to no entry");
}

static void refuse_pax(char type, const char *records, const char *message)
{
    begin();
    add(type, "pax", NULL, records);
    add('0', "file", NULL, "x");
    end();
    expect_refusal(message);
}

static void test_refused_pax(void)
{
    refuse_pax('x', "x", "record of a pax header at byte 512: it does not begin with its length");
    refuse_pax('x', "99999999999999999999 a=b\n",
               "record of a pax header at byte 512: it does not begin with its length");
    refuse_pax('x', "99 path=b\n",
               "record of a pax header at byte 512: its length does not fit into the header");
    refuse_pax('x', "0 path=b\n",
               "record of a pax header at byte 512: its length does not fit into the header");
    refuse_pax('x', "9 pathxb\n",
               "record of a pax header at byte 512: it has no keyword, or a too long one");
    refuse_pax('x', "9 path=bb", "record of a pax header at byte 512: it does not end where its "
                                 "length says");
    refuse_pax('x', "11 path=../\n", "record of a pax header at byte 512: it does not end where "
                                     "its length says");
    refuse_pax('x', "12 path=../\n", "tar header at byte 1024, entry ../: \"..\" in its name");
    refuse_pax('x', "18 size=123456789\n", "tar header at byte 1024, entry file: its content ends "
                                           "behind the archive");
    refuse_pax('x', "28 size=9223372036854775808\n", "pax header at byte 0, entry pax: a number in "
                                                     "its pax header is too large");
    refuse_pax('x', "28 size=9223372036854775807\n", "tar header at byte 1024, entry file: its "
                                                     "content ends behind the archive");
    refuse_pax('x', "18 uid=4294967296\n", "pax header at byte 0, entry pax: a number in its pax "
                                           "header is too large");
    refuse_pax('x', "9 uid=-1\n", "pax header at byte 0, entry pax: a number in its pax header has "
                                  "other characters than digits");
    refuse_pax('g', "11 mtime=x\n", "record of a pax header at byte 521: it holds no time");
    refuse_pax('x', "22 GNU.sparse.major=1\n",
               "pax header at byte 0, entry pax: we cannot read this: a sparse file of GNU tar; "
               "make the archive without --sparse");
    refuse_pax('L', "noend", "tar header at byte 0, entry noen: a long name does not end with a "
                             "NUL");
    refuse_pax('K', "", "tar header at byte 0, entry pax: a long name has no bytes or more than "
                        "4095");
}

static void refuse_cpio(const char *name, size_t at, const char *text, const char *message)
{
    begin();
    uint8_t *header = add_cpio(0100644, 5, 2, name, "content");
    memcpy(header + at, text, strlen(text));
    add_cpio(0120777, 5, 2, "second", "target");
    end_cpio();
    expect_refusal(message);
}

static void test_refused_cpio(void)
{
    refuse_cpio("x/../y", 0, "", "cpio header at byte 0, entry x/../y: \"..\" in its name");
    refuse_cpio("x", 7, "x", "cpio header at byte 0: a field holds no hexadecimal number");
    refuse_cpio("x", 54, "FFFFFFFF", "cpio header at byte 0, entry x: its content ends behind the "
                                     "archive");
    refuse_cpio("x", 94, "FFFFFFFF", "cpio header at byte 0: its name has more than 4095 bytes");
    refuse_cpio("x", 94, "00001000", "cpio header at byte 0: its name ends behind the archive");
    refuse_cpio("x", 94, "00000000", "cpio header at byte 0: it has no name");
    refuse_cpio("x", 94, "00000001", "cpio header at byte 0: its name does not end with a NUL");
    refuse_cpio("x", 94, "00000003", "cpio header at byte 0: a NUL in its name");
    refuse_cpio("x", 14, "00000000", "cpio header at byte 0, entry x: its type is unknown");
    refuse_cpio("x", 0, "070707",
                "archive: we cannot read this: the old character format of cpio; only newc is "
                "read");
    refuse_cpio("x", 0, "", "cpio header at byte 120, entry second: it is the same file as an "
                            "earlier entry, but of another type");
    begin();
    add_cpio(0120777, 5, 1, "link", "");
    end_cpio();
    expect_refusal("cpio header at byte 0, entry link: a symbolic link's target has no bytes or "
                   "more than 4095");
    begin();
    add_cpio(0100644, 5, 1, "x", "");
    expect_refusal("cpio header at byte 112: the archive ends before its trailer");
    memcpy(bytes + size, "\x1f\x8b", 2);
    size += 200;
    expect_refusal("cpio header at byte 112: the magic number is wrong");
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("archive, what is refused", NULL, NULL);
    CU_add_test(suite, "names", test_refused_names);
    CU_add_test(suite, "headers of tar", test_refused_headers);
    CU_add_test(suite, "headers of pax", test_refused_pax);
    CU_add_test(suite, "headers of cpio", test_refused_cpio);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    free(memory);
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
