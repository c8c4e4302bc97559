"""What is recorded when: nothing is counted before it is stored, and nothing that finished is lost."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from rebaseline.errors import StoreError
from rebaseline.run.journal import Journal


class Recorder:
    """Takes batches on the journal's thread, where a test can hold it up."""

    def __init__(self):
        self.batches, self.threads, self.open = [], set(), threading.Event()
        self.open.set()
        self.entered = threading.Event()
        self.error = None

    def __call__(self, batch):
        self.entered.set()
        assert self.open.wait(10)
        self.threads.add(threading.get_ident())
        if self.error:
            raise self.error
        self.batches.append(list(batch))

    @property
    def stored(self):
        return [record for batch in self.batches for record in batch]


def test_what_comes_while_a_batch_is_written_forms_the_next_one():
    recorder, told = Recorder(), []

    async def main():
        journal = Journal(recorder, told.append)
        recorder.open.clear()
        first = asyncio.create_task(journal.add("a"))
        await asyncio.to_thread(recorder.entered.wait, 10)
        others = [asyncio.create_task(journal.add(name)) for name in "bcd"]
        await asyncio.sleep(0.01)
        assert told == []
        recorder.open.set()
        await asyncio.gather(first, *others)
        journal.close()

    asyncio.run(main())
    assert recorder.batches == [["a"], ["b", "c", "d"]]
    assert told == ["a", "b", "c", "d"]
    assert recorder.threads.isdisjoint({threading.get_ident()})


def test_a_write_under_way_is_awaited_and_what_waits_is_written_before_the_journal_closes():
    recorder, told = Recorder(), []

    async def main():
        journal = Journal(recorder, told.append)
        recorder.open.clear()
        tasks = [asyncio.create_task(journal.add("a"))]
        await asyncio.to_thread(recorder.entered.wait, 10)
        tasks += [asyncio.create_task(journal.add(name)) for name in "bc"]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert told == []
        threading.Timer(0.05, recorder.open.set).start()
        journal.close()

    asyncio.run(main())
    assert recorder.stored == told == ["a", "b", "c"]


def test_a_write_that_was_cancelled_before_it_began_is_made_at_the_end():
    recorder, told = Recorder(), []

    async def main():
        journal = Journal(recorder, told.append)
        hold = threading.Event()
        journal._writer.submit(hold.wait, 10)  # the thread is not free yet
        task = asyncio.create_task(journal.add("a"))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        hold.set()
        journal.close()

    asyncio.run(main())
    assert recorder.stored == told == ["a"]


def test_an_error_of_the_recorder_reaches_who_wrote_and_nobody_goes_on():
    recorder, told = Recorder(), []
    recorder.error = StoreError("disk full")

    async def main():
        journal = Journal(recorder, told.append)
        tasks = [asyncio.create_task(journal.add(name)) for name in "ab"]
        done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        assert [type(task.exception()) for task in done] == [StoreError]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        with pytest.raises(StoreError, match="disk full"):
            journal.close()

    asyncio.run(main())
    assert (recorder.stored, told) == ([], [])


def test_an_error_that_came_after_everybody_was_stopped_is_raised_at_the_end():
    recorder = Recorder()
    recorder.error = StoreError("disk full")

    async def main():
        journal = Journal(recorder, lambda record: None)
        recorder.open.clear()
        task = asyncio.create_task(journal.add("a"))
        await asyncio.to_thread(recorder.entered.wait, 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        recorder.open.set()
        with pytest.raises(StoreError, match="disk full"):
            journal.close()

    asyncio.run(main())


def test_an_unused_journal_starts_no_thread(monkeypatch):
    def submit(*_):
        raise AssertionError

    monkeypatch.setattr(ThreadPoolExecutor, "submit", submit)

    async def main():
        Journal(Recorder(), lambda record: None).close()

    asyncio.run(main())
