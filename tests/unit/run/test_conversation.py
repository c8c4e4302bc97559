import pytest

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.domain.suite import Probe, Role, Tool, Turn
from rebaseline.run.conversation import MOST_TOOL_ROUNDS, Conversation
from rebaseline.run.frame import Manner, frame_of
from rebaseline.targets.base import Asked, IssuedCall, ModelTurn, ToolResult, UserTurn

ADD = Tool("add", result="3")
OPEN_ENDED = Tool("pay")


def probe(*turns, tools=(), **more):
    roles = {"u": Role.USER, "a": Role.ASSISTANT}
    return Probe("p", tuple(Turn(roles[turn[0]], turn[2:]) for turn in turns), tools=tools, **more)


def talk(*turns, **more):
    return opened(probe(*turns, **more), Manner("m"))


def opened(asked, manner):
    return Conversation(asked, frame_of(asked, manner))


def reply(text="", *calls, stop=Stop.COMPLETE, **more):
    return Answered(Reply(text, stop, "word", tuple(ToolCall(name) for name in calls)), **more)


def test_one_turn_is_one_call():
    conversation = talk("u:hi", system="Be brief.")
    request = conversation.request
    assert (request.model, request.system, request.messages) == ("m", "Be brief.", (UserTurn("hi"),))
    assert conversation.take(Asked(reply("hello"))) == reply("hello")


def test_between_two_user_turns_the_model_answers():
    conversation = talk("u:one", "u:two", "a:scripted", "u:three")
    assert conversation.take(Asked(reply("first"))) is None
    assert conversation.request.messages == (
        UserTurn("one"),
        ModelTurn("first"),
        UserTurn("two"),
        ModelTurn("scripted"),
        UserTurn("three"),
    )
    assert conversation.take(Asked(reply("last"))).reply.text == "last"


def test_a_script_may_open_and_close_with_the_assistant():
    messages = talk("a:Welcome.", "u:hi", "a:Sure, ").request.messages
    assert messages == (ModelTurn("Welcome."), UserTurn("hi"), ModelTurn("Sure, "))


@pytest.mark.parametrize("stop", [Stop.CUT, Stop.REFUSED, Stop.FILTERED, Stop.UNKNOWN])
def test_a_reply_in_the_middle_that_is_not_whole_ends_it(stop):
    end = talk("u:one", "u:two").take(Asked(reply("half", stop=stop)))
    assert (end.reply.text, end.reply.stop) == ("half", stop)


def test_a_reply_in_the_middle_without_a_word_ends_it():
    assert talk("u:one", "u:two").take(Asked(reply(" \n"))).reply.text == " \n"


def test_a_scripted_result_answers_each_call():
    conversation = talk("u:sum", tools=(ADD,))
    turn = ModelTurn("", (IssuedCall("id-1", ToolCall("add")), IssuedCall("", ToolCall("add"))))
    assert conversation.take(Asked(reply("", "add", "add", stop=Stop.TOOL), turn=turn)) is None
    sent = ModelTurn("", (IssuedCall("id-1", ToolCall("add")), IssuedCall("call_1", ToolCall("add"))))
    assert conversation.request.messages == (UserTurn("sum"), sent, ToolResult("id-1", "3"), ToolResult("call_1", "3"))
    end = conversation.take(Asked(reply("It is 3.")))
    assert end.reply.tool_calls == (ToolCall("add"), ToolCall("add"))
    assert (end.reply.text, end.reply.stop) == ("It is 3.", Stop.COMPLETE)


def test_made_up_ids_differ_over_the_whole_conversation():
    conversation = talk("u:sum", tools=(ADD,))
    for _ in range(2):
        conversation.take(Asked(reply("", "add", "add", stop=Stop.TOOL)))
    ids = [message.call_id for message in conversation.request.messages if isinstance(message, ToolResult)]
    assert ids == ["call_0", "call_1", "call_2", "call_3"]


@pytest.mark.parametrize("name", ["pay", "invented"])
def test_a_tool_without_a_scripted_result_ends_it_at_the_call(name):
    end = talk("u:pay", tools=(ADD, OPEN_ENDED)).take(Asked(reply("", "add", name, stop=Stop.TOOL)))
    assert end.reply.tool_calls == (ToolCall("add"), ToolCall(name))
    assert end.reply.stop is Stop.TOOL


def test_calls_that_may_be_cut_are_not_run():
    end = talk("u:sum", tools=(ADD,)).take(Asked(reply("", "add", stop=Stop.CUT)))
    assert end.reply.stop is Stop.CUT


def test_calls_beside_another_word_for_a_whole_reply_are_run():
    assert talk("u:sum", tools=(ADD,)).take(Asked(reply("", "add", stop=Stop.COMPLETE))) is None


def test_after_a_tool_the_script_goes_on():
    conversation = talk("u:sum", "u:thanks", tools=(ADD,))
    assert conversation.take(Asked(reply("", "add", stop=Stop.TOOL))) is None
    assert conversation.take(Asked(reply("3"))) is None
    assert conversation.request.messages[-2:] == (ModelTurn("3"), UserTurn("thanks"))


def test_a_model_that_never_stops_calling_is_read_as_it_stands():
    conversation = talk("u:sum", tools=(ADD,))
    for _ in range(MOST_TOOL_ROUNDS):
        assert conversation.take(Asked(reply("", "add", stop=Stop.TOOL))) is None
    end = conversation.take(Asked(reply("", "add", stop=Stop.TOOL)))
    assert len(end.reply.tool_calls) == MOST_TOOL_ROUNDS + 1


def test_cost_is_summed_and_identity_is_the_last():
    conversation = talk("u:one", "u:two")
    conversation.take(Asked(reply("a", usage=Usage(10, 1), latency_seconds=0.5, served_model="old", request_id="1")))
    end = conversation.take(
        Asked(reply("b", usage=Usage(20, 2), latency_seconds=0.25, served_model="new", request_id="2"))
    )
    assert (end.usage, end.latency_seconds) == (Usage(30, 3), 0.75)
    assert (end.served_model, end.request_id) == ("new", "2")


def test_a_part_is_not_the_sum():
    conversation = talk("u:one", "u:two")
    conversation.take(Asked(reply("a", usage=Usage(10, None), latency_seconds=0.5)))
    end = conversation.take(Asked(reply("b", usage=Usage(20, 2))))
    assert (end.usage, end.latency_seconds) == (Usage(30, None), None)


@pytest.mark.parametrize("end", [Rejected(400), Faulted("server", 500)])
def test_a_rejection_or_fault_in_the_middle_ends_it(end):
    conversation = talk("u:one", "u:two")
    conversation.take(Asked(reply("a")))
    assert conversation.take(Asked(end)) == end


def test_the_probes_parameters_win_over_the_targets():
    manner = Manner("m", {"temperature": 0, "seed": 1}, timeout_seconds=9.0)
    request = opened(probe("u:hi", parameters={"temperature": 1}), manner).request
    assert request.parameters == {"temperature": 1, "seed": 1}
    assert request.timeout_seconds == 9.0


def test_a_final_reply_is_not_answered_though_the_script_goes_on():
    end = talk("u:one", "u:two").take(Asked(reply("first"), final=True))
    assert end.reply.text == "first"


def test_calls_that_an_application_made_itself_do_not_end_the_script_and_are_kept():
    conversation = talk("u:one", "u:two")
    assert conversation.take(Asked(reply("first", "find"), turn=ModelTurn("first"))) is None
    assert conversation.request.messages == (UserTurn("one"), ModelTurn("first"), UserTurn("two"))
    end = conversation.take(Asked(reply("last", "pay"), turn=ModelTurn("last")))
    assert [call.name for call in end.reply.tool_calls] == ["find", "pay"]
