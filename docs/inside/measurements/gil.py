#!/usr/bin/env python3
"""What a second thread brings a Python program that computes.

    python3 docs/inside/measurements/gil.py

Every row adds one to the values of a shared dict for half a second. In the usual build of Python one lock, the GIL, lets a single
thread run bytecode at any moment, so a second thread can only take turns with the first.
"""

import sys
import threading
import time

KEYS = 100_000
SECONDS = 0.5


def work(table, counts, index, stop, lock):
    count, key = 0, index
    while not stop.is_set():
        for _ in range(1000):
            key = (key * 1_103_515_245 + 12_345) % KEYS
            if lock is None:
                table[key] += 1
            else:
                with lock:
                    table[key] += 1
        count += 1000
    counts[index] = count


def row(name, threads, lock=None):
    table = dict.fromkeys(range(KEYS), 0)
    counts, stop = [0] * threads, threading.Event()
    workers = [threading.Thread(target=work, args=(table, counts, index, stop, lock)) for index in range(threads)]
    start, cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    time.sleep(SECONDS)
    stop.set()
    for worker in workers:
        worker.join()
    elapsed, cpu = time.perf_counter() - start, time.process_time() - cpu
    total = sum(counts)
    print(f"{name:<46} {total / elapsed / 1e6:10.2f} {elapsed / total * 1e9:11.0f} {cpu / total * 1e9:8.0f}")


gil = getattr(sys, "_is_gil_enabled", lambda: True)()
print(f"Python {sys.version.split()[0]}, {'with' if gil else 'without'} GIL")
print(f"{'':<46} {'million/s':>10} {'elapsed ns':>11} {'CPU ns':>8}")
row("one thread", 1)
row("two threads", 2)
row("two threads, and a lock around each addition", 2, threading.Lock())
