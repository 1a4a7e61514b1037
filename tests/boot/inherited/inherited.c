/* SPDX-License-Identifier: MIT */
/*
 * Calls a server by imports of all that its interface inherits, when it is asked who it is. All
 * methods have number 0 or 1 in their own interface, so one that is taken for another answers
 * something else.
 */
#include "sample.capnp.h"
#include "scenario.h"

static void check_base(struct sample_base_client *client)
{
    struct sample_base_who_results name;
    struct sample_base_twice_params params = {21};
    struct sample_base_twice_results results;
    uint32_t question;
    EXPECT(sample_base_who(client, &name), EXO_STATUS_OK);
    CHECK(capnp_text_is(name.name, "heir"));
    EXPECT(sample_base_twice(client, &params, &results), EXO_STATUS_OK);
    CHECK(results.value == 42);
    EXPECT(sample_base_twice_send(client, &params, &question), EXO_STATUS_OK);
    EXPECT(sample_base_twice_wait(client, question, RPC_FOR_EVER, &results), EXO_STATUS_OK);
    CHECK(results.value == 42);
    sample_base_client_finish(client, question);
}

static enum exo_status call_all(struct rpc_call *call, struct sample_base_who_results *results)
{
    static struct sample_both_client both;
    static struct sample_left_client left;
    static struct sample_right_client right;
    static struct sample_base_client base;
    struct sample_both_both_params number = {6};
    struct sample_both_both_results sum;
    struct sample_left_left_params text = {CAPNP_TEXT_LITERAL("seven..")};
    struct sample_left_left_results length;
    struct sample_right_right_params nobody = {EXO_NONE};
    (void)call;
    EXPECT(sample_both_client_open(&both, binding_import("both")), EXO_STATUS_OK);
    EXPECT(sample_left_client_open(&left, binding_import("left")), EXO_STATUS_OK);
    EXPECT(sample_right_client_open(&right, binding_import("right")), EXO_STATUS_OK);
    EXPECT(sample_base_client_open(&base, binding_import("base")), EXO_STATUS_OK);
    EXPECT(sample_both_both(&both, &number, &sum), EXO_STATUS_OK);
    CHECK(sum.sum == 7);
    EXPECT(sample_left_left(&left, &text, &length), EXO_STATUS_OK);
    CHECK(length.length == 7);
    EXPECT(sample_right_right(&right, &nobody), EXO_STATUS_OK);
    check_base(sample_both_as_sample_base(&both));
    check_base(sample_left_as_sample_base(&left));
    check_base(sample_right_as_sample_base(&right));
    check_base(&base);
    CHECK(binding_import("base")->places->schema == SAMPLE_BOTH_SCHEMA_HASH);
    results->name = CAPNP_TEXT_LITERAL("served by an heir, whatever it was taken for");
    return EXO_STATUS_OK;
}

int component_main(void)
{
    static const struct sample_base_methods methods = {.who = call_all};
    return (int)sample_base_serve(&methods, 0, binding_export("base"));
}
