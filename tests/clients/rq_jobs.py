"""What the workers of rq.py's queues do."""

from rq import get_current_job


def add(one, other):
    return one + other


def fail(message):
    raise ValueError(message)


def fail_once():
    """Fails on its first run, so that a retry is what makes it succeed."""
    job = get_current_job()
    runs = job.meta.get("runs", 0) + 1
    job.meta["runs"] = runs
    job.save_meta()
    if runs == 1:
        raise ValueError("the first run")
    return runs
