"""
Debian's python3-rq against a server whose port is the first argument: jobs are enqueued, workers run them, results and failures stay.

Queue.empty() is not used. It is the one call of rq that needs a script (EVALSHA).
"""

import datetime
import sys
import threading
import time

sys.dont_write_bytecode = True  # The jobs are a module, and its cache would lie among the sources.

import redis
import rq
import rq.command
import rq.registry
import rq.results
import rq_jobs


def until(condition, what):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


def work(connection, *queues, **options):
    """Runs a worker as `rq worker --burst` does: each job in a process that it forks."""
    worker = rq.Worker(queues, connection=connection)
    worker.log.disabled = True
    worker.work(logging_level="CRITICAL", **{"burst": True, **options})
    return worker


def results_and_failures(connection):
    high, low = rq.Queue("high", connection=connection), rq.Queue("low", connection=connection)
    sums = [low.enqueue(rq_jobs.add, index, 1, job_id=f"sum-{index}") for index in range(3)]
    failing = high.enqueue(rq_jobs.fail, "as it should")
    assert (len(high), low.job_ids, low.count) == (1, ["sum-0", "sum-1", "sum-2"], 3)
    assert low.get_job_position("sum-2") == 2
    assert sums[0].get_status() == "queued"
    assert {queue.name for queue in rq.Queue.all(connection)} == {"high", "low"}

    worker = work(connection, high, low)
    assert (worker.successful_job_count, worker.failed_job_count) == (0, 0)  # Counted on the server, where the worker left a record:
    assert connection.ttl(worker.key) > 0
    assert connection.hmget(worker.key, "successful_job_count", "failed_job_count") == [b"3", b"1"]
    assert float(connection.hget(worker.key, "total_working_time")) > 0

    assert [job.get_status() for job in sums] == ["finished"] * 3
    assert [job.result for job in sums] == [1, 2, 3]
    assert sums[0].latest_result().type == rq.results.Result.Type.SUCCESSFUL
    assert 0 < connection.ttl(sums[0].key) <= 500
    assert set(low.finished_job_registry.get_job_ids()) == {"sum-0", "sum-1", "sum-2"}
    assert low.started_job_registry.count == 0 and low.is_empty()

    assert failing.get_status(refresh=True) == "failed"
    assert high.failed_job_registry.get_job_ids() == [failing.id]
    assert "ValueError: as it should" in failing.latest_result().exc_string
    high.failed_job_registry.requeue(failing)
    assert high.job_ids == [failing.id] and len(high.failed_job_registry) == 0
    work(connection, high)
    assert failing.id in high.failed_job_registry
    failing.delete()
    assert not connection.exists(failing.key) and failing.id not in high.failed_job_registry


def retries_and_dependencies(connection):
    queue = rq.Queue("default", connection=connection)
    retried = queue.enqueue(rq_jobs.fail_once, retry=rq.Retry(max=1))
    first = queue.enqueue(rq_jobs.add, 1, 2)
    second = queue.enqueue(rq_jobs.add, 3, 4, depends_on=[first, retried])
    assert second.get_status() == "deferred"
    assert queue.deferred_job_registry.get_job_ids() == [second.id]
    urgent = queue.enqueue(rq_jobs.add, 0, 0, at_front=True)
    assert queue.job_ids == [urgent.id, retried.id, first.id]

    work(connection, queue)
    assert (retried.get_status(), retried.result) == ("finished", 2)
    assert (second.get_status(), second.result) == ("finished", 7)
    assert queue.deferred_job_registry.count == 0

    canceled = queue.enqueue(rq_jobs.add, 1, 1)
    canceled.cancel()
    assert queue.job_ids == [] and queue.canceled_job_registry.get_job_ids() == [canceled.id]


def scheduled_jobs(connection):
    queue = rq.Queue("default", connection=connection)
    due = queue.enqueue_in(datetime.timedelta(seconds=-1), rq_jobs.add, 1, 1)
    later = queue.enqueue_in(datetime.timedelta(hours=1), rq_jobs.add, 2, 2)
    assert set(queue.scheduled_job_registry.get_job_ids()) == {due.id, later.id}
    work(connection, queue, with_scheduler=True)
    assert due.result == 2
    assert queue.scheduled_job_registry.get_job_ids() == [later.id]
    assert later.get_status() == "scheduled"


def a_waiting_worker(connection):
    """Blocks in BLPOP until a job comes, and ends when a message of publish/subscribe tells it to."""
    queue = rq.Queue("default", connection=connection)
    jobs, seen, errors = [], [], []

    def boss(own):
        try:
            until(lambda: own.info("clients")["blocked_clients"] == 1, "the worker to wait for a job")
            jobs.append(rq.Queue("default", connection=own).enqueue(rq_jobs.add, 20, 22))
            until(lambda: jobs[0].get_status() == "finished", "the job to be done")
            until(lambda: own.info("clients")["blocked_clients"] == 1, "the worker to wait again")
            seen.extend((worker.name, worker.get_state()) for worker in rq.Worker.all(own))
        except Exception as error:
            errors.append(error)
        finally:
            rq.command.send_shutdown_command(own, worker.name)

    worker = rq.Worker([queue], connection=connection)
    worker.log.disabled = True
    with redis.Redis(port=int(sys.argv[1])) as own:
        thread = threading.Thread(target=boss, args=(own,))
        thread.start()
        worker.work(logging_level="CRITICAL")
        thread.join()
    assert errors == [], errors
    assert jobs[0].result == 42
    assert seen == [(worker.name, "idle")]
    assert rq.Worker.all(connection) == []


def main(port):
    with redis.Redis(port=port) as connection:
        for scenario in [results_and_failures, retries_and_dependencies, scheduled_jobs, a_waiting_worker]:
            connection.flushall()
            try:
                scenario(connection)
            except Exception as error:
                raise AssertionError(f"The scenario {scenario.__name__} failed.") from error


main(int(sys.argv[1]))
print("ok")
